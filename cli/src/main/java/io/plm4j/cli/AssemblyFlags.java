package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import io.plm4j.train.stage.AssemblyOptions;
import io.plm4j.train.stage.Resized;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// What may be chosen where a model is put together of two.
final class AssemblyFlags {
  private static final AssemblyOptions PUBLISHED = AssemblyOptions.PUBLISHED;

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description = "Side of a tile; the encoder's positions are interpolated. Default: 448.")
  private Optional<Integer> imageSize = Optional.empty();

  @Option(
      names = "--max-tiles",
      paramLabel = "N",
      description = "The most tiles of a picture. Default: 36.")
  private Optional<Integer> maxTiles = Optional.empty();

  @Option(
      names = "--pooling",
      paramLabel = "N",
      description = "How many columns, and rows, of patches become one token. Default: 2.")
  private Optional<Integer> pooling = Optional.empty();

  @Option(
      names = "--max-positions",
      paramLabel = "N",
      description = "The longest sequence, in tokens. Default: 11520.")
  private Optional<Integer> maxPositions = Optional.empty();

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = {
        "How many of the encoder's blocks are used. Default: 23 of 24, 47 of 50,",
        "else all, but for the last where a pooling head follows."
      })
  private Optional<Integer> blocks = Optional.empty();

  @Option(
      names = "--encoder-heads",
      paramLabel = "N",
      description = "How many heads the encoder has. Default: those of the published ones.")
  private Optional<Integer> heads = Optional.empty();

  @Option(
      names = "--layer-scale",
      paramLabel = "GAIN",
      description = {
        "What the gains of the tower's branches begin with where the encoder has none.",
        "Default: 1, with which it computes what it did."
      })
  private Optional<Double> layerScale = Optional.empty();

  @Option(
      names = "--rope-factor",
      paramLabel = "FACTOR",
      description = "Scaling of the decoder's rotary positions; 1 for none. Default: Llama's own.")
  private Optional<Double> ropeFactor = Optional.empty();

  @Option(
      names = "--position-waves",
      paramLabel = "AMPLITUDE",
      description = {
        "With --resize: add sines and cosines of column and row to the tower's positions,",
        "for a tower whose vectors do not tell where they lie."
      })
  private Optional<Double> waves = Optional.empty();

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = {
        "With --resize: give the decoder more layers, copies of its own that add nothing until",
        "they learn."
      })
  private Optional<Integer> layers = Optional.empty();

  @Option(
      names = "--kv-heads",
      paramLabel = "N",
      description = {
        "With --resize: give the decoder more heads of keys and values, copies of its own until",
        "they learn."
      })
  private Optional<Integer> kvHeads = Optional.empty();

  /// Whether one of them was.
  boolean isGiven() {
    return imageSize.isPresent()
        || isMoreThanResizingGiven()
        || pooling.isPresent()
        || isForResizingGiven();
  }

  private boolean isForResizingGiven() {
    return Stream.of(waves, layers, kvHeads).anyMatch(Optional::isPresent);
  }

  private boolean isMoreThanResizingGiven() {
    return Stream.of(maxTiles, maxPositions, blocks, heads).anyMatch(Optional::isPresent)
        || layerScale.isPresent()
        || ropeFactor.isPresent();
  }

  /// What becomes another where all else is a model's own.
  Resized.Change change() {
    if (isMoreThanResizingGiven()) {
      throw new InputException(
          "With --resize only --image-size, --pooling, --position-waves, --layers and --kv-heads may be chosen; leave out the other options of a shape.");
    }
    if (!isGiven()) {
      throw new InputException(
          "--resize needs --image-size PIXELS, --pooling N, --position-waves AMPLITUDE, --layers N or --kv-heads N.");
    }
    double amplitude = waves.orElse(1.0);
    if (!(amplitude > 0 && amplitude <= 1000)) {
      throw new InputException(
          "--position-waves must be more than 0 and at most 1000, got %s.".formatted(amplitude));
    }
    return new Resized.Change(
        whole(requirePositive("--image-size", imageSize)),
        whole(requirePositive("--pooling", pooling)),
        number(waves),
        whole(requirePositive("--layers", layers)),
        whole(requirePositive("--kv-heads", kvHeads)));
  }

  AssemblyOptions options(DType type, long seed) {
    if (isForResizingGiven()) {
      throw new InputException(
          "--position-waves, --layers and --kv-heads are for --resize; leave them out.");
    }
    requirePositive("--blocks", blocks);
    requirePositive("--encoder-heads", heads);
    return new AssemblyOptions(
        requirePositive("--image-size", imageSize).orElse(PUBLISHED.imageSize()),
        requirePositive("--max-tiles", maxTiles).orElse(PUBLISHED.maxTiles()),
        requirePositive("--pooling", pooling).orElse(PUBLISHED.pooling()),
        requirePositive("--max-positions", maxPositions).orElse(PUBLISHED.maxPositions()),
        whole(blocks),
        whole(heads),
        number(layerScale),
        scaling(),
        type,
        seed);
  }

  private static OptionalDouble number(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  private static OptionalInt whole(Optional<Integer> value) {
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  private static Optional<Integer> requirePositive(String option, Optional<Integer> value) {
    if (value.orElse(1) < 1) {
      throw new InputException("%s must be at least 1, got %d.".formatted(option, value.get()));
    }
    return value;
  }

  /// As Llama 3 has it, but for the factor.
  private Optional<RopeScaling> scaling() {
    if (ropeFactor.isEmpty()) {
      return Optional.empty();
    }
    double factor = ropeFactor.get();
    if (!(factor >= 1 && factor <= 1e6)) {
      throw new InputException("--rope-factor must be 1 to 1000000, got %s.".formatted(factor));
    }
    return Optional.of(
        factor == 1 ? new RopeScaling.None() : new RopeScaling.Llama3(factor, 1, 4, 8192));
  }
}
