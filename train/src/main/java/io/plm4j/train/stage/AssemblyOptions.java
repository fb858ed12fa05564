package io.plm4j.train.stage;

import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What is to be chosen where a Perception Language Model is put together.
///
/// @param imageSize side of a tile in pixels; the encoder's positions are interpolated to it
/// @param maxTiles the most tiles of a picture, without the thumbnail
/// @param pooling how many columns, and rows, of patch vectors are averaged to one
/// @param maxPositions the longest sequence, in tokens
/// @param blocks how many of the encoder's blocks are used; empty: as the published models
/// @param encoderHeads empty: as in the published encoder of this width
/// @param layerScale what the gains of the tower's residual branches begin with where the encoder
///   has none
/// @param ropeScaling of the decoder; empty: Llama's own
/// @param type of the weights; F32, BF16 or F16
/// @param seed of the projector's numbers
public record AssemblyOptions(
    int imageSize,
    int maxTiles,
    int pooling,
    int maxPositions,
    OptionalInt blocks,
    OptionalInt encoderHeads,
    OptionalDouble layerScale,
    Optional<RopeScaling> ropeScaling,
    DType type,
    long seed) {
  /// As in the published models.
  public static final AssemblyOptions PUBLISHED =
      new AssemblyOptions(
          448,
          36,
          2,
          11_520,
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          DType.BF16,
          777);
}
