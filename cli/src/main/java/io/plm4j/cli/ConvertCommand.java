package io.plm4j.cli;

import io.plm4j.convert.Conversion;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CancelledException;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `plm convert`: a model's folder in the other layout.
@Command(
    name = "convert",
    description =
        "Turn a model of Meta's original layout into Hugging Face's, or the other way, without loss.")
final class ConvertCommand implements Callable<Integer> {
  @Mixin private final ModelOptions.ModelFolder model = new ModelOptions.ModelFolder();

  @Option(
      names = "--to",
      paramLabel = "LAYOUT",
      required = true,
      converter = LayoutName.class,
      description =
          "hf: config.json, model.safetensors, ...; original: params.json, consolidated.pth, ...")
  private Layout target = Layout.HUGGING_FACE;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the model goes; made if it is not there, empty if it is.")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = TypeName.class,
      description = "Convert the weights to f32, bf16 or f16. Default: every bit as it is.")
  private Optional<DType> type = Optional.empty();

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "With --to hf: the most bytes in a file of weights, such as 5GB, the default.")
  private Optional<Long> shardBytes = Optional.empty();

  private final Context context;

  ConvertCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (target == Layout.ORIGINAL && shardBytes.isPresent()) {
      throw new InputException(
          "--shard-size has no effect with --to original, which has one file.");
    }
    var terminal = context.terminal();
    var folder = model.path(context);
    try (var work = context.interrupt().begin();
        var conversion = Conversion.prepare(folder, target, type)) {
      conversion
          .leftOut()
          .forEach(key ->
              terminal
                  .err()
                  .printf("plm: warning: %s has no place in the new files%n", Excerpt.of(key)));
      conversion.write(
          out,
          shardBytes.orElse(Size.DEFAULT),
          WritingBar.of(context, "converting", conversion.tensorBytes()));
      terminal.progress().clear();
      terminal
          .out()
          .printf(
              "%s: %d tensors, %s%n",
              out, conversion.tensorCount(), Units.bytes(conversion.tensorBytes()));
      return ExitCode.OK;
    } catch (CancelledException e) {
      terminal.progress().clear();
      terminal.err().println("plm: interrupted; nothing was kept of " + out);
      return ExitCode.INTERRUPTED;
    }
  }

  static final class LayoutName implements ITypeConverter<Layout> {
    @Override
    public Layout convert(String name) {
      return switch (name) {
        case "hf" -> Layout.HUGGING_FACE;
        case "original" -> Layout.ORIGINAL;
        default -> throw new TypeConversionException("'" + name + "' is neither hf nor original");
      };
    }
  }

  static final class TypeName implements ITypeConverter<DType> {
    @Override
    public DType convert(String name) {
      return switch (name) {
        case "f32" -> DType.F32;
        case "bf16" -> DType.BF16;
        case "f16" -> DType.F16;
        default -> throw new TypeConversionException("'" + name + "' is not f32, bf16 or f16");
      };
    }
  }

  /// `5GB`, `500MB`, `1000000`: powers of 1000, as in transformers.
  static final class Size implements ITypeConverter<Long> {
    static final long DEFAULT = 5_000_000_000L;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KB|MB|GB|TB)?");

    @Override
    public Long convert(String text) {
      var matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no size such as 5GB or 500MB");
      }
      long unit =
          switch (Optional.ofNullable(matcher.group(2)).orElse("B")) {
            case "KB" -> 1_000;
            case "MB" -> 1_000_000;
            case "GB" -> 1_000_000_000;
            case "TB" -> 1_000_000_000_000L;
            default -> 1;
          };
      long number = Long.parseLong(matcher.group(1));
      if (number == 0 || number > Long.MAX_VALUE / unit) {
        throw new TypeConversionException("'" + text + "' is no size that a file could have");
      }
      return number * unit;
    }
  }
}
