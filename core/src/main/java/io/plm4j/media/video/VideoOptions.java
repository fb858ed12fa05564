package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import java.util.function.Function;

/// How a video is read.
///
/// @param limits what it may cost
/// @param threads the most cores to use
/// @param pictureFps frames a second of a video that is a folder or a list of pictures
/// @param onFrame what is kept of a frame. Called for every selected frame as soon as it is
///   decoded, in order; its own picture is let go after that. Thus 32 frames of 4K need not be in
///   memory at once: `options.withOnFrame(frame -> settings.resize(frame.image()))`
/// @param listener told of progress, may cancel
public record VideoOptions(
    VideoLimits limits,
    int threads,
    double pictureFps,
    Function<VideoFrame, Image> onFrame,
    VideoListener listener) {
  /// Whole frames, all cores up to eight, pictures as one a second.
  public static final VideoOptions DEFAULT =
      new VideoOptions(
          VideoLimits.DEFAULT,
          Math.min(8, Runtime.getRuntime().availableProcessors()),
          1,
          VideoFrame::image,
          VideoListener.NONE);

  /// More threads than these hold more frames in memory and are hardly faster.
  private static final int MOST_THREADS = 64;

  public VideoOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new InputException(
          "The number of threads that decode a video must be from 1 to %d, but is %d."
              .formatted(MOST_THREADS, threads));
    }
    if (!(pictureFps > 0 && pictureFps < Double.POSITIVE_INFINITY)) {
      throw new InputException(
          "The frames a second of a folder of pictures must be greater than 0, but are %s."
              .formatted(pictureFps));
    }
  }

  public VideoOptions withLimits(VideoLimits other) {
    return new VideoOptions(other, threads, pictureFps, onFrame, listener);
  }

  public VideoOptions withThreads(int count) {
    return new VideoOptions(limits, count, pictureFps, onFrame, listener);
  }

  public VideoOptions withPictureFps(double fps) {
    return new VideoOptions(limits, threads, fps, onFrame, listener);
  }

  public VideoOptions withOnFrame(Function<VideoFrame, Image> function) {
    return new VideoOptions(limits, threads, pictureFps, function, listener);
  }

  public VideoOptions withListener(VideoListener other) {
    return new VideoOptions(limits, threads, pictureFps, onFrame, other);
  }
}
