package io.plm4j.media.codec;

/// Turns the samples of a TIFF picture into red, green, blue and puts them where they belong.
final class TiffPainter {
  private final TiffLayout layout;
  private final boolean little;
  private final Picture picture;
  private final byte[] palette; // 256 colours, black where the file says nothing

  TiffPainter(TiffLayout layout, TiffDirectory tags, Picture picture) {
    this.layout = layout;
    this.little = tags.little();
    this.picture = picture;
    palette = new byte[256 * 3];
    if (layout.photometric() == TiffLayout.PALETTE) {
      long[] map = tags.values(TiffDirectory.COLOUR_MAP);
      int colours = Math.min(256, map.length / 3);
      for (int i = 0; i < colours; i++) {
        for (int channel = 0; channel < 3; channel++) {
          palette[i * 3 + channel] = (byte) (map[channel * (map.length / 3) + i] >> 8);
        }
      }
    }
  }

  /// Paints a strip or tile that was a picture of its own.
  void paint(Picture piece, int x, int y) {
    int columns = Math.min(piece.width(), layout.width() - x);
    int rows = Math.min(piece.height(), layout.height() - y);
    for (int i = 0; i < rows; i++) {
      int to = ((y + i) * layout.width() + x) * 3;
      System.arraycopy(piece.rgb(), i * piece.width() * 3, picture.rgb(), to, columns * 3);
    }
  }

  /// Paints a strip or tile of plain samples.
  ///
  /// @param plane which sample of the pixels this is, if they are stored in planes
  void paint(byte[] bytes, int rows, int x, int y, int plane) {
    int rowBytes = (int) layout.rowBytes();
    int columns = Math.min(layout.pieceWidth(), layout.width() - x);
    byte[] row = new byte[rowBytes];
    for (int i = 0; i < Math.min(rows, layout.height() - y); i++) {
      System.arraycopy(bytes, i * rowBytes, row, 0, rowBytes);
      int at = ((y + i) * layout.width() + x) * 3;
      for (int j = 0; j < columns; j++, at += 3) {
        if (layout.planar() && layout.photometric() == TiffLayout.RGB) {
          picture.rgb()[at + plane] = (byte) eightBits(row, j);
        } else if (plane == 0) {
          paintPixel(row, j * layout.samplesTogether(), at);
        }
      }
    }
  }

  private void paintPixel(byte[] row, int first, int at) {
    switch (layout.photometric()) {
      case TiffLayout.RGB -> {
        int alpha = layout.premultiplied() ? eightBits(row, first + 3) : 255;
        picture.set(
            at,
            unmultiplied(eightBits(row, first), alpha),
            unmultiplied(eightBits(row, first + 1), alpha),
            unmultiplied(eightBits(row, first + 2), alpha));
      }
      case TiffLayout.CMYK -> {
        int paper = 255 - eightBits(row, first + 3);
        picture.set(
            at,
            Ink.left(eightBits(row, first), paper),
            Ink.left(eightBits(row, first + 1), paper),
            Ink.left(eightBits(row, first + 2), paper));
      }
      case TiffLayout.PALETTE -> {
        int entry = Bits.sample(row, first, layout.bits()) * 3;
        picture.set(at, palette[entry], palette[entry + 1], palette[entry + 2]);
      }
      default -> {
        int grey = grey(row, first);
        picture.set(at, grey, grey, grey);
      }
    }
  }

  private static int unmultiplied(int colour, int alpha) {
    if (alpha == 255) {
      return colour;
    }
    return alpha == 0 ? 0 : Math.min(255, colour * 255 / alpha);
  }

  /// Of 16 bits the upper 8.
  private int eightBits(byte[] row, int index) {
    int at = layout.bits() == 16 ? 2 * index + (little ? 1 : 0) : index;
    return row[at] & 0xFF;
  }

  /// Grey of more than 8 bits is cut off at 255, not scaled: Pillow does so.
  private int grey(byte[] row, int index) {
    int inverted = layout.photometric() == TiffLayout.WHITE_IS_ZERO ? 255 : 0;
    return switch (layout.bits()) {
      case 16 -> {
        int value = number(row, 2 * index, 2);
        yield Math.clamp(layout.format() == 2 ? (short) value : value, 0, 255);
      }
      case 32 -> {
        int value = number(row, 4 * index, 4);
        yield Math.clamp(layout.format() == 3 ? (int) Float.intBitsToFloat(value) : value, 0, 255);
      }
      default -> Bits.stretched(row, index, layout.bits()) ^ inverted;
    };
  }

  private int number(byte[] row, int at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << 8) | (row[little ? at + bytes - 1 - i : at + i] & 0xFF);
    }
    return value;
  }
}
