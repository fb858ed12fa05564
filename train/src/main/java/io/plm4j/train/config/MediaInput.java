package io.plm4j.train.config;

import io.plm4j.media.VisionInput;
import java.util.OptionalInt;

/// How much of pictures and videos the model sees while it learns.
///
/// @param maxTiles the most tiles of a picture, without the whole picture; empty: as the checkpoint
///   says
/// @param frames the most frames of a video; empty: as the checkpoint says
public record MediaInput(VisionInput vision, OptionalInt maxTiles, OptionalInt frames) {
  /// One tile a picture, as in the model card.
  public static final MediaInput CARD =
      new MediaInput(VisionInput.VANILLA, OptionalInt.empty(), OptionalInt.empty());

  public MediaInput {
    if (maxTiles.isPresent() && maxTiles.getAsInt() < 1) {
      throw new IllegalArgumentException("max_num_tiles is not positive");
    }
    if (frames.isPresent() && frames.getAsInt() < 1) {
      throw new IllegalArgumentException("num_frames is not positive");
    }
  }
}
