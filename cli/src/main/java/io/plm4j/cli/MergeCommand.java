package io.plm4j.cli;

import io.plm4j.convert.Merge;
import io.plm4j.error.InputException;
import io.plm4j.model.CancelledException;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm merge`: adapters baked into their model.
@Command(
    name = "merge",
    description =
        "Bake adapters into the weights of their model: a folder of its own, which needs no adapter.")
final class MergeCommand implements Callable<Integer> {
  @Mixin private final ModelOptions.ModelFolder model = new ModelOptions.ModelFolder();
  @Mixin private final AdapterOption adapters = new AdapterOption();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the model goes; made if it is not there, empty if it is.")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = ConvertCommand.TypeName.class,
      description = {
        "Convert the weights to f32, bf16 or f16. Default: as each is stored; what is stored in four",
        "bits becomes what it was before."
      })
  private Optional<DType> type = Optional.empty();

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = "The most bytes in a file of weights, such as 5GB, the default.")
  private long shardBytes = ConvertCommand.Size.DEFAULT;

  private final Context context;

  MergeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var folders = adapters.folders();
    if (folders.isEmpty()) {
      throw new InputException(
          "No adapter: name one with --adapter FOLDER, which has adapter_config.json in it.");
    }
    var terminal = context.terminal();
    var folder = model.path(context);
    int threads = Runtime.getRuntime().availableProcessors();
    try (var work = context.interrupt().begin();
        var merge = Merge.prepare(folder, folders, type, threads)) {
      merge.warnings().forEach(warning -> terminal.err().println("plm: warning: " + warning));
      merge.write(out, shardBytes, WritingBar.of(context, "merging", merge.tensorBytes()));
      terminal.progress().clear();
      terminal
          .out()
          .printf(
              "%s: %d tensors, %s; %d layers changed%n",
              out, merge.tensorCount(), Units.bytes(merge.tensorBytes()), merge.changedLayers());
      return ExitCode.OK;
    } catch (CancelledException e) {
      terminal.progress().clear();
      terminal.err().println("plm: interrupted; nothing was kept of " + out);
      return ExitCode.INTERRUPTED;
    }
  }
}
