package io.plm4j.media.codec;

/// Decoded pixels.
///
/// @param rgb rows of red, green, blue bytes from the top left: `[height, width, 3]`
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Picture(int width, int height, byte[] rgb) {

  static Picture blank(int width, int height) {
    return new Picture(
        width, height, new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)]);
  }

  void set(int at, int red, int green, int blue) {
    rgb[at] = (byte) red;
    rgb[at + 1] = (byte) green;
    rgb[at + 2] = (byte) blue;
  }

  /// This picture, painted over with a smaller one that lies within it.
  Picture with(Picture part, int left, int top) {
    for (int y = 0; y < part.height; y++) {
      int to = ((top + y) * width + left) * 3;
      System.arraycopy(part.rgb, y * part.width * 3, rgb, to, part.width * 3);
    }
    return this;
  }

  /// The picture upright.
  ///
  /// @param orientation the EXIF number: 1 is upright, 2 to 8 are the other ways to hold and
  ///   mirror; any other number means nothing
  public Picture upright(int orientation) {
    return switch (orientation) {
      case 2 -> rearranged(false, true, false);
      case 3 -> rearranged(false, true, true);
      case 4 -> rearranged(false, false, true);
      case 5 -> rearranged(true, false, false);
      case 6 -> rearranged(true, true, false);
      case 7 -> rearranged(true, true, true);
      case 8 -> rearranged(true, false, true);
      default -> this;
    };
  }

  /// Rows become columns if `transpose`; then the result is mirrored left to right, top to bottom.
  private Picture rearranged(boolean transpose, boolean mirror, boolean flip) {
    var result = transpose ? blank(height, width) : blank(width, height);
    int to = 0;
    for (int y = 0; y < result.height; y++) {
      int v = flip ? result.height - 1 - y : y;
      for (int x = 0; x < result.width; x++, to += 3) {
        int u = mirror ? result.width - 1 - x : x;
        int from = (transpose ? u * width + v : v * width + u) * 3;
        result.set(to, rgb[from], rgb[from + 1], rgb[from + 2]);
      }
    }
    return result;
  }
}
