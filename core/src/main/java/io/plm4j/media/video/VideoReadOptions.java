package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import java.util.function.Function;

/// How a video is read.
///
/// @param limits what it may cost
/// @param threads the most cores to use
/// @param pictureFps frames a second of a video that is a folder or a list of pictures
/// @param onFrame what is kept of a frame. Called for the selected frames in order, each as soon as
///   it is decoded; its own picture is let go after that. Thus 32 frames of 4K need not be in
///   memory at once: `frame -> videoSettings.resize(frame.image())`. Of a damaged file the first
///   ones may come twice
/// @param listener told of progress, may cancel
public record VideoReadOptions(
    VideoLimits limits,
    int threads,
    double pictureFps,
    Function<VideoFrame, Image> onFrame,
    VideoListener listener) {
  /// Whole frames, all cores up to eight, pictures as one a second.
  public static final VideoReadOptions DEFAULT =
      new VideoReadOptions(
          VideoLimits.DEFAULT,
          Math.min(8, Runtime.getRuntime().availableProcessors()),
          1,
          VideoFrame::image,
          VideoListener.NONE);

  /// More threads than these hold more frames in memory and are hardly faster.
  private static final int MOST_THREADS = 64;

  public VideoReadOptions {
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

  public VideoReadOptions withLimits(VideoLimits other) {
    return new VideoReadOptions(other, threads, pictureFps, onFrame, listener);
  }

  public VideoReadOptions withThreads(int count) {
    return new VideoReadOptions(limits, count, pictureFps, onFrame, listener);
  }

  public VideoReadOptions withPictureFps(double fps) {
    return new VideoReadOptions(limits, threads, fps, onFrame, listener);
  }

  public VideoReadOptions withOnFrame(Function<VideoFrame, Image> function) {
    return new VideoReadOptions(limits, threads, pictureFps, function, listener);
  }

  public VideoReadOptions withListener(VideoListener other) {
    return new VideoReadOptions(limits, threads, pictureFps, onFrame, other);
  }
}
