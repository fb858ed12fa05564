package io.plm4j.media.codec;

/// What the components of a JPEG picture mean, and their way to red, green and blue: libjpeg's
/// fixed-point tables, then Pillow's plain conversion of printing colours.
enum JpegColour {
  GREY,
  RGB,
  YCC,
  /// Cyan, magenta, yellow, black, each inverted, as Adobe writes them and Pillow takes for
  /// granted.
  CMYK,
  /// The same with the first three as brightness and colour differences.
  YCCK;

  private static final int HALF = 1 << 15;
  private static final int[] CR_TO_RED = new int[256];
  private static final int[] CB_TO_BLUE = new int[256];
  private static final int[] CR_TO_GREEN = new int[256];
  private static final int[] CB_TO_GREEN = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int difference = i - 128;
      CR_TO_RED[i] = (fixed(1.40200) * difference + HALF) >> 16;
      CB_TO_BLUE[i] = (fixed(1.77200) * difference + HALF) >> 16;
      CR_TO_GREEN[i] = -fixed(0.71414) * difference;
      CB_TO_GREEN[i] = -fixed(0.34414) * difference + HALF;
    }
  }

  private static int fixed(double value) {
    return (int) (value * 65536 + 0.5);
  }

  int components() {
    return switch (this) {
      case GREY -> 1;
      case RGB, YCC -> 3;
      case CMYK, YCCK -> 4;
    };
  }

  /// Converts one row.
  ///
  /// @param rows a row of samples for each component
  /// @param at where the row begins in the picture's bytes
  void convert(int[][] rows, Picture picture, int at) {
    for (int x = 0; x < picture.width(); x++, at += 3) {
      int a = rows[0][x];
      switch (this) {
        case GREY -> picture.set(at, a, a, a);
        case RGB -> picture.set(at, a, rows[1][x], rows[2][x]);
        case YCC -> {
          int cb = rows[1][x];
          int cr = rows[2][x];
          picture.set(at, red(a, cr), green(a, cb, cr), blue(a, cb));
        }
        case CMYK -> printed(picture, at, a, rows[1][x], rows[2][x], rows[3][x]);
        case YCCK -> {
          int cb = rows[1][x];
          int cr = rows[2][x];
          printed(
              picture, at, 255 - red(a, cr), 255 - green(a, cb, cr), 255 - blue(a, cb), rows[3][x]);
        }
      }
    }
  }

  private static int red(int y, int cr) {
    return Math.clamp(y + CR_TO_RED[cr], 0, 255);
  }

  private static int green(int y, int cb, int cr) {
    return Math.clamp(y + ((CB_TO_GREEN[cb] + CR_TO_GREEN[cr]) >> 16), 0, 255);
  }

  private static int blue(int y, int cb) {
    return Math.clamp(y + CB_TO_BLUE[cb], 0, 255);
  }

  /// @param cyan and the others inverted: 255 is no ink
  private static void printed(
      Picture picture, int at, int cyan, int magenta, int yellow, int black) {
    picture.set(
        at,
        Ink.left(255 - cyan, black),
        Ink.left(255 - magenta, black),
        Ink.left(255 - yellow, black));
  }
}
