package io.plm4j.cli;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.hub.Hub;
import io.plm4j.hub.ShippedModel;
import io.plm4j.layout.Layout;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which model, and how it is loaded.
final class ModelOptions {
  @Mixin private final ModelOrShipped folder = new ModelOrShipped();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = TypeName.class,
      description = "Compute in f32 or bf16. Default: the type in which the model is stored.")
  private Optional<DType> type = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many cores to use. Default: all.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--quantize",
      paramLabel = "FORMATS",
      converter = Formats.class,
      description = {
        "Bring weights into few bits while loading: int8, int4, int4:64, int4:64z, nf4 for the",
        "language, or parts by name as language=int4,head=int8,projector=int8,vision=int8."
      })
  private Optional<QuantizationRecipe> quantization = Optional.empty();

  @Mixin private final AdapterOption adapters = new AdapterOption();
  @Mixin private final CacheFlags caches = new CacheFlags();

  private Optional<Path> path = Optional.empty();

  /// Loads the model, and warns of what in its files will not be obeyed.
  Plm load(Context context) {
    return load(context, LoadOptions.DEFAULT);
  }

  /// @param defaults what holds where the command line says nothing
  Plm load(Context context, LoadOptions defaults) {
    return load(path(context), options(defaults, context.terminal()), context);
  }

  /// Loads a model, and warns of what in its files will not be obeyed.
  static Plm load(Path path, LoadOptions options, Context context) {
    var terminal = context.terminal();
    terminal.progress().show("loading " + path.toAbsolutePath().normalize().getFileName());
    try {
      var plm = Plm.load(path, options);
      terminal.progress().clear();
      warn(terminal.err(), Layout.of(Layout.locate(path)).configFile(), plm.config().unknownKeys());
      warn(terminal.err(), "generation_config.json", plm.generationDefaults().unknownKeys());
      plm.warnings().forEach(warning -> terminal.err().println("plm: warning: " + warning));
      return plm;
    } finally {
      terminal.progress().clear();
    }
  }

  /// The model's folder, after the download that may need.
  Path path(Context context) {
    var known = path.orElseGet(() -> folder.path(context));
    path = Optional.of(known);
    return known;
  }

  /// How it is loaded.
  ///
  /// @param defaults what holds where the command line says nothing
  /// @param terminal is warned of what a cache cannot use
  LoadOptions options(LoadOptions defaults, Terminal terminal) {
    caches.check();
    var options = defaults.withCaches(caches.over(defaults.caches(), terminal));
    if (type.isPresent()) {
      options = options.withType(type.get());
    }
    if (threads.isPresent()) {
      options = options.withThreads(threads.get());
    }
    if (quantization.isPresent()) {
      options = options.withQuantization(quantization.get());
    }
    for (var adapter : adapters.folders().entrySet()) {
      options = options.withAdapter(adapter.getKey(), adapter.getValue());
    }
    return options;
  }

  private static void warn(PrintStream err, String file, List<String> keys) {
    keys.forEach(key ->
        err.printf("plm: warning: %s: %s is unknown and not obeyed%n", file, Excerpt.of(key)));
  }

  /// The option that names a model where one is needed to look at pictures, any one.
  static final class ModelOrShipped {
    @Option(
        names = "--model",
        paramLabel = "MODEL",
        description = {
          "Folder with the model's files, or a model of the Hugging Face Hub as",
          "owner/name[@revision], which is downloaded if it is not there yet. Default: plm-nano,",
          "the small model that ships with plm4j."
        })
    private Optional<String> model = Optional.empty();

    /// The folder that is meant, after the download that may need, or after a word on what answers.
    Path path(Context context) {
      if (model.isPresent()) {
        return ModelFolder.path(model.get(), context);
      }
      context
          .terminal()
          .err()
          .println(
              "plm: no --model, so plm-nano answers, the small model that ships; a large one is --model facebook/Perception-LM-1B");
      return ShippedModel.folder(context.environment());
    }
  }

  /// The option that names a model that is to be changed, converted or compared.
  static final class ModelFolder {
    @Option(
        names = "--model",
        paramLabel = "MODEL",
        description = {
          "Folder with the model's files, or a model of the Hugging Face Hub as",
          "owner/name[@revision], which is downloaded if it is not there yet."
        })
    private Optional<String> model = Optional.empty();

    boolean isGiven() {
      return model.isPresent();
    }

    Path path(Context context) {
      return path(
          model.orElseThrow(() ->
              new InputException(
                  "No model: name one with --model MODEL, a folder, or a model of the Hugging Face Hub such as facebook/Perception-LM-1B.")),
          context);
    }

    /// The folder that is meant, after the download that may need.
    static Path path(String model, Context context) {
      return DownloadDisplay.during(context, display -> Hub.folder(model, context::hub, display));
    }
  }

  static final class Formats implements ITypeConverter<QuantizationRecipe> {
    @Override
    public QuantizationRecipe convert(String text) {
      try {
        return QuantizationRecipe.of(text);
      } catch (InputException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  static final class TypeName implements ITypeConverter<DType> {
    @Override
    public DType convert(String name) {
      return switch (name) {
        case "f32" -> DType.F32;
        case "bf16" -> DType.BF16;
        default -> throw new TypeConversionException("'" + name + "' is neither f32 nor bf16");
      };
    }
  }
}
