package io.plm4j.cli;

import io.plm4j.Calibration;
import io.plm4j.convert.QuantizedCopy;
import io.plm4j.error.InputException;
import io.plm4j.model.CancelledException;
import io.plm4j.model.InputMoments;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.quant.QuantError;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `plm quantize`: a model's folder with weights in few bits.
@Command(
    name = "quantize",
    description =
        "Bring the weights of a model into 8 or 4 bits: a folder of its own, which loads mapped.")
final class QuantizeCommand implements Callable<Integer> {
  private static final int NEW_TOKENS = 32;
  private static final Set<String> WITHOUT_REQUESTS =
      Set.of("--model", "--format", "--out", "--shard-size");

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

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = {
        "Choose codes of int4 by what the layers are given when the model answers the requests of",
        "this file, a JSON object a line, as those of plm generate --batch (GPTQ)."
      })
  private Optional<Path> requests = Optional.empty();

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "With --calibrate: tokens of each answer. Default: 32.")
  private Optional<Integer> maxNewTokens = Optional.empty();

  @Option(
      names = "--calibration-memory",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = {
        "With --calibrate: memory for what layers are given, such as 2GB, the default. The requests",
        "are answered as often as that makes necessary."
      })
  private Optional<Long> calibrationBytes = Optional.empty();

  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();

  @Spec private @Nullable CommandSpec spec;

  private final Context context;

  QuantizeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var terminal = context.terminal();
    var folder = model.path(context);
    requireCalibration();
    int threads = Runtime.getRuntime().availableProcessors();
    try (var work = context.interrupt().begin();
        var calibration = requests.map(file -> calibration(folder, file, threads)).orElse(null);
        var copy =
            QuantizedCopy.prepare(
                folder, recipe, threads, calibration == null ? InputMoments.NONE : calibration)) {
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

  /// Refuses what only the requests would use.
  private void requireCalibration() {
    if (requests.isPresent()) {
      return;
    }
    Objects.requireNonNull(spec).commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !WITHOUT_REQUESTS.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new InputException(
              "%s belongs to --calibrate FILE, which is missing.".formatted(name));
        });
  }

  private Calibration calibration(Path folder, Path file, int threads) {
    var asked = new RequestFile(file, pictures, videos, context);
    return Calibration.of(
        folder,
        threads,
        recipe,
        calibrationBytes.orElse(Calibration.DEFAULT_BYTES),
        plm -> asked.read(plm, maxNewTokens.orElse(NEW_TOKENS)),
        (round, rounds, request, all) -> {
          context
              .terminal()
              .progress()
              .show(
                  rounds == 1
                      ? "answering %d of %d".formatted(request, all)
                      : "answering %d of %d, round %d of %d"
                          .formatted(request, all, round, rounds));
          return !context.interrupt().requested();
        });
  }
}
