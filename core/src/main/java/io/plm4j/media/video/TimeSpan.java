package io.plm4j.media.video;

/// A stretch of a video, or one moment of it.
///
/// @param start when it begins, in seconds
/// @param end when it ends, in seconds; the same for a moment
public record TimeSpan(double start, double end) {
  /// `00:01.40`, or `00:00.60-00:02.40`.
  public String format() {
    return start == end
        ? TimeCode.format(start)
        : TimeCode.format(start) + "-" + TimeCode.format(end);
  }
}
