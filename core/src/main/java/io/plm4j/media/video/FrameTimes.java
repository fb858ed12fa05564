package io.plm4j.media.video;

import java.util.Arrays;

/// When the frames of a video are shown.
///
/// @param seconds when each appears, ascending; at least one
/// @param end when the last one disappears
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record FrameTimes(double[] seconds, double end) {
  /// Frames at a constant rate from 0 on.
  static FrameTimes regular(int count, double fps) {
    var seconds = new double[count];
    Arrays.setAll(seconds, i -> i / fps);
    return new FrameTimes(seconds, count / fps);
  }

  int count() {
    return seconds.length;
  }

  double averageFps() {
    return count() / (end - seconds[0]);
  }

  /// The frame that is on the screen at a time; the first if none is yet.
  int lastAtOrBefore(double time) {
    return lastBefore(Math.nextUp(time));
  }

  /// The last frame that appears before a time; the first if none does.
  int lastBefore(double time) {
    int at = Arrays.binarySearch(seconds, time);
    if (at < 0) {
      return Math.max(0, -at - 2);
    }
    while (at > 0 && seconds[at - 1] == time) {
      at--;
    }
    return Math.max(0, at - 1);
  }
}
