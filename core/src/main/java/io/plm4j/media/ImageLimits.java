package io.plm4j.media;

import io.plm4j.error.InputException;

/// What a picture may cost. Each cap is checked before the memory it bounds is taken: the bytes
/// before the file is read, width, height and pixels from its header before it is decoded.
///
/// @param maxBytes size of the file
/// @param maxWidth pixels in a row
/// @param maxHeight pixels in a column
/// @param maxPixels width times height; a decoded picture takes three bytes a pixel. While it is
///   decoded its reader holds the stored samples too (three bytes a pixel mostly, eight at most),
///   and of a progressive JPEG up to six bytes a pixel outside Java's heap
public record ImageLimits(long maxBytes, int maxWidth, int maxHeight, long maxPixels) {
  /// 64 MiB, 65 535 pixels a side (the most that JPEG can state), and 178 956 970 pixels, which is
  /// where Pillow, and with it the reference, refuses a picture as a decompression bomb.
  public static final ImageLimits DEFAULT = new ImageLimits(64L << 20, 65_535, 65_535, 178_956_970);

  /// Java arrays end at 2^31 elements, and a pixel has three.
  private static final long ADDRESSABLE_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  public ImageLimits {
    if (maxBytes < 1 || maxWidth < 1 || maxHeight < 1 || maxPixels < 1) {
      throw new InputException(
          "Image limits must be positive, got maxBytes %d, maxWidth %d, maxHeight %d, maxPixels %d."
              .formatted(maxBytes, maxWidth, maxHeight, maxPixels));
    }
    if (maxPixels > ADDRESSABLE_PIXELS || maxBytes > Integer.MAX_VALUE - 8) {
      throw new InputException(
          "Image limits can be at most %d pixels and %d bytes, got maxPixels %d, maxBytes %d."
              .formatted(ADDRESSABLE_PIXELS, Integer.MAX_VALUE - 8, maxPixels, maxBytes));
    }
  }

  void checkBytes(String source, long bytes) {
    if (bytes > maxBytes) {
      throw new InputException(
          "%s has %d bytes, more than the limit maxBytes = %d. Use a smaller file or raise the limit."
              .formatted(source, bytes, maxBytes));
    }
  }

  void checkSize(String source, long width, long height) {
    if (width < 1 || height < 1) {
      throw new InputException(
          "%s states a size of %d x %d pixels; both must be at least 1. The file is damaged."
              .formatted(source, width, height));
    }
    checkCap(source, width, height, "maxWidth", maxWidth, width);
    checkCap(source, width, height, "maxHeight", maxHeight, height);
    checkCap(source, width, height, "maxPixels", maxPixels, width * height);
  }

  private static void checkCap(
      String source, long width, long height, String cap, long limit, long found) {
    if (found > limit) {
      throw new InputException(
          "%s is %d x %d pixels, more than the limit %s = %d. Use a smaller picture or raise the limit."
              .formatted(source, width, height, cap, limit));
    }
  }
}
