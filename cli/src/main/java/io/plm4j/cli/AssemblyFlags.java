package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import io.plm4j.train.stage.AssemblyOptions;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// What may be chosen where a model is put together of two.
final class AssemblyFlags {
  private static final AssemblyOptions PUBLISHED = AssemblyOptions.PUBLISHED;

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description = "Side of a tile; the encoder's positions are interpolated. Default: 448.")
  private int imageSize = PUBLISHED.imageSize();

  @Option(
      names = "--max-tiles",
      paramLabel = "N",
      description = "The most tiles of a picture. Default: 36.")
  private int maxTiles = PUBLISHED.maxTiles();

  @Option(
      names = "--pooling",
      paramLabel = "N",
      description = "How many columns, and rows, of patches become one token. Default: 2.")
  private int pooling = PUBLISHED.pooling();

  @Option(
      names = "--max-positions",
      paramLabel = "N",
      description = "The longest sequence, in tokens. Default: 11520.")
  private int maxPositions = PUBLISHED.maxPositions();

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = {
        "How many of the encoder's blocks are used. Default: 23 of 24, 47 of 50,",
        "else all, but for the last where a pooling head follows."
      })
  private OptionalInt blocks = OptionalInt.empty();

  @Option(
      names = "--encoder-heads",
      paramLabel = "N",
      description = "How many heads the encoder has. Default: those of the published ones.")
  private OptionalInt heads = OptionalInt.empty();

  @Option(
      names = "--layer-scale",
      paramLabel = "GAIN",
      description = {
        "What the gains of the tower's branches begin with where the encoder has none.",
        "Default: 1, with which it computes what it did."
      })
  private OptionalDouble layerScale = OptionalDouble.empty();

  @Option(
      names = "--rope-factor",
      paramLabel = "FACTOR",
      description = "Scaling of the decoder's rotary positions; 1 for none. Default: Llama's own.")
  private OptionalDouble ropeFactor = OptionalDouble.empty();

  AssemblyOptions options(DType type, long seed) {
    requireAtLeastOne("--image-size", imageSize);
    requireAtLeastOne("--max-tiles", maxTiles);
    requireAtLeastOne("--pooling", pooling);
    requireAtLeastOne("--max-positions", maxPositions);
    requireAtLeastOne("--blocks", blocks.orElse(1));
    requireAtLeastOne("--encoder-heads", heads.orElse(1));
    return new AssemblyOptions(
        imageSize,
        maxTiles,
        pooling,
        maxPositions,
        blocks,
        heads,
        layerScale,
        scaling(),
        type,
        seed);
  }

  private static void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new InputException("%s must be at least 1, got %d.".formatted(option, value));
    }
  }

  /// As Llama 3 has it, but for the factor.
  private Optional<RopeScaling> scaling() {
    if (ropeFactor.isEmpty()) {
      return Optional.empty();
    }
    double factor = ropeFactor.getAsDouble();
    if (!(factor >= 1 && factor <= 1e6)) {
      throw new InputException("--rope-factor must be 1 to 1000000, got %s.".formatted(factor));
    }
    return Optional.of(
        factor == 1 ? new RopeScaling.None() : new RopeScaling.Llama3(factor, 1, 4, 8192));
  }
}
