package io.plm4j.cli;

import io.plm4j.convert.QuantizedCopy;
import io.plm4j.model.CancelledException;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.quant.QuantError;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm quantize`: a model's folder with weights in few bits.
@Command(
    name = "quantize",
    description =
        "Bring the weights of a model into 8 or 4 bits: a folder of its own, which loads mapped.")
final class QuantizeCommand implements Callable<Integer> {
  @Mixin private final ModelOptions.ModelFolder model = new ModelOptions.ModelFolder();

  @Option(
      names = "--format",
      paramLabel = "FORMATS",
      required = true,
      converter = ModelOptions.Formats.class,
      description = {
        "int8, int4, int4:64, int4:64z, nf4 for the language, or parts by name as",
        "language=int4,head=int8,projector=int8,vision=int8."
      })
  private QuantizationRecipe recipe = new QuantizationRecipe(Map.of());

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the model goes; made if it is not there, empty if it is.")
  private Path out = Path.of("");

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = "The most bytes in a file of weights, such as 5GB, the default.")
  private long shardBytes = ConvertCommand.Size.DEFAULT;

  private final Context context;

  QuantizeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var terminal = context.terminal();
    var folder = model.path(context);
    int threads = Runtime.getRuntime().availableProcessors();
    try (var work = context.interrupt().begin();
        var copy = QuantizedCopy.prepare(folder, recipe, threads)) {
      copy.write(out, shardBytes, WritingBar.of(context, "quantising", copy.tensorBytes()));
      terminal.progress().clear();
      terminal
          .out()
          .printf(
              "%s: %s, was %s; %s%n",
              out,
              Units.bytes(copy.tensorBytes()),
              Units.bytes(copy.originalBytes()),
              recipe.text());
      copy.errors().entrySet().stream()
          .max(Comparator.comparingDouble(entry -> entry.getValue().relative()))
          .ifPresent(worst -> {
            var all = copy.errors().values().stream().reduce(QuantError.NONE, QuantError::plus);
            terminal
                .out()
                .printf(
                    Locale.ROOT,
                    "weights moved by %.2f %% of their length, those of %s by %.2f %%%n",
                    100 * all.relative(),
                    worst.getKey(),
                    100 * worst.getValue().relative());
          });
      return ExitCode.OK;
    } catch (CancelledException e) {
      terminal.progress().clear();
      terminal.err().println("plm: interrupted; nothing was kept of " + out);
      return ExitCode.INTERRUPTED;
    }
  }
}
