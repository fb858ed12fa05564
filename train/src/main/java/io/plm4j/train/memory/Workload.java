package io.plm4j.train.memory;

import io.plm4j.media.VisionInput;
import io.plm4j.model.PlmConfig;
import io.plm4j.train.config.Batches;
import io.plm4j.train.config.DataSettings;

/// What is computed at a time: the largest micro-batch.
///
/// @param examples in it
/// @param positions of all its examples, media included
/// @param tiles of pictures, and frames, of all its examples
public record Workload(int examples, long positions, long tiles) {
  /// Words of a question and its answer, where nobody has looked.
  private static final int TEXT_POSITIONS = 512;

  /// PLM's own greatest number of tiles, without the whole picture.
  private static final int TILES = 36;

  public Workload {
    if (examples < 1 || positions < 1 || tiles < 0) {
      throw new IllegalArgumentException(
          "%d examples of %d positions and %d tiles".formatted(examples, positions, tiles));
    }
  }

  /// A guess from the settings alone: a picture, or a video where frames are spoken of, in each
  /// example.
  public static Workload estimate(PlmConfig config, DataSettings data, Batches batches) {
    var media = data.media();
    int tiles = media.vision() == VisionInput.VANILLA ? 1 : 1 + media.maxTiles().orElse(TILES);
    int shown = Math.max(tiles, media.frames().orElse(0));
    long each = (long) shown * config.tokensPerTile() + TEXT_POSITIONS;
    int longest = data.maxLength().orElse(config.decoder().maxPositions());
    // A packed row is filled up to the length; without one there is nothing to fill up to.
    long positions = data.packing() && data.maxLength().isPresent() ? longest : each;
    int examples = batches.perDevice();
    return new Workload(examples, examples * Math.min(positions, longest), (long) examples * shown);
  }

  /// One of the examples.
  Workload one() {
    return new Workload(1, Math.max(1, positions / examples), (tiles + examples - 1) / examples);
  }
}
