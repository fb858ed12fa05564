package io.plm4j.media.video;

import java.util.Arrays;

/// Turns a stream's time stamps into seconds since the start of its file.
///
/// @param zero the time stamp of the start, in seconds
record Clock(Demuxer demuxer, double zero) {
  /// A first frame that is this much later than the other streams' start is taken for a file with
  /// clocks that have nothing to do with each other.
  private static final double MOST_DELAY = 10;

  /// @param first time stamp of the first frame
  static Clock of(Demuxer demuxer, long first) {
    double seconds = demuxer.seconds(first);
    double start = demuxer.start();
    boolean usable = start <= seconds && seconds - start <= MOST_DELAY;
    return new Clock(demuxer, usable ? start : seconds);
  }

  /// @param stamps of all frames, ascending
  /// @param end when the last one disappears; not after the last one if unknown
  FrameTimes times(long[] stamps, long end) {
    var seconds = Arrays.stream(stamps).mapToDouble(s -> demuxer.seconds(s) - zero).toArray();
    double last = seconds[seconds.length - 1];
    double stated = demuxer.seconds(end) - zero;
    if (stated > last) {
      return new FrameTimes(seconds, stated);
    }
    // As long as the others on average, and a lone one a second.
    double span = last - seconds[0];
    return new FrameTimes(seconds, last + (span > 0 ? span / (seconds.length - 1) : 1));
  }
}
