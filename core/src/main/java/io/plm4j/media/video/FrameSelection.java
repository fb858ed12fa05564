package io.plm4j.media.video;

import io.plm4j.error.InputException;

/// Which frames of a video the model is shown.
///
/// Of a stretch that has fewer frames than wanted, all are taken: transformers refuses that, Meta's
/// code does not, and nobody is helped by an error about a short clip.
///
/// The stretch begins with the frame that is on the screen at `start` and ends with the last one
/// that appears before `end`. With [FrameSampling#ORIGINAL] it is counted as Meta's code counts it
/// instead: from frame `start * fps` to frame `end * fps`, both rounded down, by the average rate.
///
/// @param count the most frames
/// @param sampling how they are spread over the stretch
/// @param start where the stretch begins, in seconds
/// @param end where it ends, in seconds; infinite for the video's end
public record FrameSelection(int count, FrameSampling sampling, double start, double end) {
  /// 32 frames of the whole video, as transformers takes them.
  public static final FrameSelection DEFAULT =
      new FrameSelection(32, FrameSampling.TRANSFORMERS, 0, Double.POSITIVE_INFINITY);

  public FrameSelection {
    if (count < 1) {
      throw new InputException(
          "The number of frames must be 1 or greater, but is %d.".formatted(count));
    }
    if (!(start >= 0 && start < Double.POSITIVE_INFINITY)) {
      throw new InputException(
          "A stretch of a video must start at 0 seconds or later, but starts at %s."
              .formatted(start));
    }
    if (!(end > start)) {
      throw new InputException(
          "A stretch of a video must end after its start, but starts at %s and ends at %s."
              .formatted(TimeCode.format(start), Double.isNaN(end) ? end : TimeCode.format(end)));
    }
  }

  public FrameSelection withCount(int frames) {
    return new FrameSelection(frames, sampling, start, end);
  }

  public FrameSelection withSampling(FrameSampling other) {
    return new FrameSelection(count, other, start, end);
  }

  /// @param from where the stretch begins, in seconds
  /// @param to where it ends, in seconds; infinite for the video's end
  public FrameSelection withSpan(double from, double to) {
    return new FrameSelection(count, sampling, from, to);
  }

  /// Indices of the frames to look at, ascending.
  int[] indices(FrameTimes times) {
    int last = times.count() - 1;
    double fps = times.averageFps();
    return switch (sampling) {
      case TRANSFORMERS -> {
        int from = times.lastAtOrBefore(start);
        yield sampling.indices(from, Math.max(from, times.lastBefore(end)), count, fps);
      }
      case ORIGINAL -> {
        int from = (int) Math.min(last, start * fps);
        int to = (int) Math.min(last, end * fps);
        // Meta's code looks at two frames here, the second perhaps beyond the video's end.
        yield sampling.indices(from, from == to ? Math.min(last, from + 1) : to, count, fps);
      }
    };
  }
}
