package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.ImageLimits;

/// What a video may cost.
///
/// @param frame what one of its frames may cost. For the pictures of a folder all of it counts, for
///   the frames of a file all but the size in bytes
/// @param maxFrames frames of the whole video, looked at or not
/// @param maxKeptPixels pixels of all frames that are kept, after [VideoReadOptions#onFrame]; each
///   takes three bytes
public record VideoLimits(ImageLimits frame, int maxFrames, long maxKeptPixels) {
  /// 8192 x 8192 pixels a frame, five million frames (23 hours at 60 a second), and of kept frames
  /// a billion bytes.
  public static final VideoLimits DEFAULT =
      new VideoLimits(
          new ImageLimits(ImageLimits.DEFAULT.maxBytes(), 16_384, 16_384, 1 << 26),
          5_000_000,
          (1 << 30) / 3);

  public VideoLimits {
    if (maxFrames < 1 || maxKeptPixels < 1) {
      throw new InputException(
          "Video limits must be positive, got maxFrames %d, maxKeptPixels %d."
              .formatted(maxFrames, maxKeptPixels));
    }
  }
}
