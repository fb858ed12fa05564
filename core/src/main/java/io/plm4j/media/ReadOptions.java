package io.plm4j.media;

/// How a picture is read.
///
/// @param limits what it may cost
/// @param orientation whether the EXIF orientation is applied
public record ReadOptions(ImageLimits limits, Orientation orientation) {
  /// As the reference reads: the default limits, pixels as stored.
  public static final ReadOptions DEFAULT =
      new ReadOptions(ImageLimits.DEFAULT, Orientation.AS_STORED);
}
