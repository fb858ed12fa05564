package io.plm4j.cli;

import io.plm4j.CacheOptions;
import io.plm4j.LoadOptions;
import io.plm4j.error.InputException;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `plm bench` measures: all combinations of what is listed.
final class BenchGrid {
  private static final int DEFAULT_TILES = 4;
  private static final int DEFAULT_PROMPT_TOKENS = 64;

  @Mixin private final ModelOptions.ModelFolder folder = new ModelOptions.ModelFolder();

  @Option(
      names = "--quantize",
      paramLabel = "FORMATS",
      converter = ModelOptions.Formats.class,
      description = "Bring weights into few bits while loading, as plm generate does.")
  private Optional<QuantizationRecipe> quantization = Optional.empty();

  @Mixin private final AdapterOption adapters = new AdapterOption();
  @Mixin private final CacheFlags caches = new CacheFlags();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      split = ",",
      converter = ModelOptions.TypeName.class,
      description = "Compute in f32 or bf16, or both: f32,bf16. Default: as the model is stored.")
  private List<DType> types = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "How many cores to use, or several numbers: 1,2,4. Default: all.")
  private List<Integer> threads = new ArrayList<>();

  @Option(
      names = "--tiles",
      paramLabel = "N",
      split = ",",
      description = {
        "Tiles without the whole picture: exactly so many of a drawn one (default 4), at most so",
        "many of --image. 0: no picture. Several: 0,4,36."
      })
  private List<Integer> tiles = new ArrayList<>();

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      split = ",",
      description = {
        "Tokens of the prompt without those of the picture. Default: 64. Several: 64,512."
      })
  private List<Integer> promptTokens = new ArrayList<>();

  /// How a model is loaded for a part of the measurements.
  record Setup(Optional<DType> type, int threads) {}

  /// What is asked of it.
  ///
  /// @param tiles without the whole picture; empty for as many as the picture becomes
  /// @param promptTokens empty where any length near the usual one will do
  record Size(Optional<Integer> tiles, Optional<Integer> promptTokens) {
    int tilesOrDefault() {
      return tiles.orElse(DEFAULT_TILES);
    }

    int promptTokensOrDefault() {
      return promptTokens.orElse(DEFAULT_PROMPT_TOKENS);
    }
  }

  boolean isGiven() {
    return folder.isGiven();
  }

  /// Refuses numbers that mean nothing.
  ///
  /// @param picture whether there is one of the user's
  void check(Optional<?> picture) {
    caches.check();
    tiles.forEach(n -> requireAtLeast("--tiles", n, 0));
    threads.forEach(n -> requireAtLeast("--threads", n, 1));
    if (picture.isPresent() && tiles.contains(0)) {
      throw new InputException("--tiles 0 leaves no place for --image; leave one out.");
    }
  }

  static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new InputException(
          "%s must be %d or greater, but is %d.".formatted(option, least, value));
    }
  }

  ModelOptions.ModelFolder folder() {
    return folder;
  }

  /// Each type with each number of threads.
  List<Setup> setups() {
    return orNothing(types).stream()
        .flatMap(type -> threads().stream().map(count -> new Setup(type, count)))
        .toList();
  }

  List<Integer> threads() {
    return threads.isEmpty() ? List.of(LoadOptions.DEFAULT.threads()) : threads;
  }

  /// Each number of tiles with each length of the prompt.
  List<Size> sizes() {
    return orNothing(tiles).stream()
        .flatMap(count -> orNothing(promptTokens).stream().map(length -> new Size(count, length)))
        .toList();
  }

  private static <T> List<Optional<T>> orNothing(List<T> values) {
    return values.isEmpty()
        ? List.of(Optional.empty())
        : values.stream().map(Optional::of).toList();
  }

  /// @param terminal is warned of what a cache cannot use
  LoadOptions options(Setup setup, Terminal terminal) {
    var options =
        LoadOptions.DEFAULT
            .withCaches(caches.over(CacheOptions.NONE, terminal))
            .withThreads(setup.threads());
    if (setup.type().isPresent()) {
      options = options.withType(setup.type().get());
    }
    if (quantization.isPresent()) {
      options = options.withQuantization(quantization.get());
    }
    for (var adapter : adapters.folders().entrySet()) {
      options = options.withAdapter(adapter.getKey(), adapter.getValue());
    }
    return options;
  }
}
