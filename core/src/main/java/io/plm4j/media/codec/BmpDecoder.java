package io.plm4j.media.codec;

/// Windows and OS/2 bitmaps: 1, 4 and 8 bits with a palette, also run-length encoded, 16, 24 and 32
/// bits.
final class BmpDecoder {
  private static final int PLAIN = 0;
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int BITFIELDS = 3;

  private final FileBytes file;
  private final SizeCheck size;
  private int width;
  private int height;
  private boolean topDown;
  private int bits;
  private final byte[] palette = new byte[256 * 3]; // black where the file says nothing

  BmpDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    long pixelsAt = file.u32le(10);
    int header = (int) Math.min(file.u32le(14), Integer.MAX_VALUE);
    int compression = PLAIN;
    long colours = 0;
    int paletteStep = 4;
    switch (header) {
      case 12 -> {
        width = file.u16le(18);
        height = file.u16le(20);
        bits = file.u16le(24);
        paletteStep = 3;
        size.check(width, height);
      }
      case 40, 52, 56, 64, 108, 124 -> {
        topDown = file.u8(25) == 0xFF;
        long tall = file.u32le(22);
        tall = topDown ? (1L << 32) - tall : tall;
        size.check(file.u32le(18), tall);
        width = (int) file.u32le(18);
        height = (int) tall;
        bits = file.u16le(28);
        compression = (int) Math.min(file.u32le(30), Integer.MAX_VALUE);
        colours = file.u32le(46);
      }
      default -> throw file.unsupported("a header of %d bytes".formatted(header));
    }
    long at = 14L + header;
    int[] shifts = {16, 8, 0};
    if (compression == BITFIELDS) {
      shifts = channelShifts(54);
      at += header == 40 ? 12 : 0;
    }
    if (bits <= 8) {
      colours = colours == 0 ? 1 << bits : colours;
      if (pixelsAt == 14L + header) {
        pixelsAt += paletteStep * colours;
      }
      readPalette(at, colours, paletteStep);
      at += paletteStep * colours;
    }
    pixelsAt = pixelsAt == 0 ? at : pixelsAt;
    return switch (compression) {
      case PLAIN, BITFIELDS -> plain(pixelsAt, shifts);
      case RLE8, RLE4 -> runs(pixelsAt, compression == RLE4);
      default -> throw file.unsupported("compression %d".formatted(compression));
    };
  }

  /// By how much a pixel is shifted so that red, green, blue come lowest.
  private int[] channelShifts(int masksAt) {
    long red = file.u32le(masksAt);
    long green = file.u32le(masksAt + 4L);
    long blue = file.u32le(masksAt + 8L);
    if (bits == 16) {
      if (red == 0xF800 && green == 0x7E0 && blue == 0x1F) {
        return new int[] {11, 5, 0};
      }
      if (red == 0x7C00 && green == 0x3E0 && blue == 0x1F) {
        return new int[] {10, 5, 0};
      }
    } else if (bits == 24 || bits == 32) {
      if (red == 0 && green == 0 && blue == 0) {
        return new int[] {16, 8, 0};
      }
      int[] shifts = {
        Long.numberOfTrailingZeros(red),
        Long.numberOfTrailingZeros(green),
        Long.numberOfTrailingZeros(blue)
      };
      if (red == 0xFFL << shifts[0] && green == 0xFFL << shifts[1] && blue == 0xFFL << shifts[2]) {
        return shifts;
      }
    }
    throw file.unsupported("colour masks %x, %x, %x".formatted(red, green, blue));
  }

  private void readPalette(long at, long colours, int step) {
    if (colours < 1 || colours > 65_536) {
      throw file.damaged("its palette has %d colours".formatted(colours));
    }
    for (int i = 0; i < Math.min(colours, 256); i++, at += step) {
      palette[i * 3] = (byte) file.u8(at + 2);
      palette[i * 3 + 1] = (byte) file.u8(at + 1);
      palette[i * 3 + 2] = (byte) file.u8(at);
    }
  }

  private Picture plain(long pixelsAt, int[] shifts) {
    if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
      throw file.unsupported("%d bits a pixel".formatted(bits));
    }
    long rowBytes = ((long) width * bits + 31) / 32 * 4;
    file.require(pixelsAt, rowBytes * (height - 1L) + ((long) width * bits + 7) / 8);
    var picture = Picture.blank(width, height);
    byte[] row = new byte[(int) rowBytes];
    for (int i = 0; i < height; i++) {
      int from = (int) (pixelsAt + rowBytes * i);
      System.arraycopy(file.array(), from, row, 0, Math.min(row.length, file.length() - from));
      int at = (topDown ? i : height - 1 - i) * width * 3;
      for (int x = 0; x < width; x++, at += 3) {
        if (bits <= 8) {
          paint(picture, at, Bits.sample(row, x, bits));
        } else if (bits == 16) {
          int pixel = (row[2 * x] & 0xFF) | (row[2 * x + 1] & 0xFF) << 8;
          int greenMax = shifts[0] == 11 ? 63 : 31; // 5 bits each, or 6 of green
          int redShift = shifts[0] == 11 ? 11 : 10;
          picture.set(
              at,
              (pixel >> redShift & 31) * 255 / 31,
              (pixel >> 5 & greenMax) * 255 / greenMax,
              (pixel & 31) * 255 / 31);
        } else {
          int pixel = x * bits / 8;
          picture.set(
              at,
              row[pixel + shifts[0] / 8],
              row[pixel + shifts[1] / 8],
              row[pixel + shifts[2] / 8]);
        }
      }
    }
    return picture;
  }

  private void paint(Picture picture, int at, int index) {
    picture.set(at, palette[index * 3], palette[index * 3 + 1], palette[index * 3 + 2]);
  }

  /// Run-length encoded pixels, with Pillow's reading of them: positions are counted along one line
  /// of all pixels, and a literal stretch of 4-bit pixels has an even number.
  private Picture runs(long at, boolean nibbles) {
    if (bits != (nibbles ? 4 : 8)) {
      throw file.damaged("run lengths do not go with %d bits a pixel".formatted(bits));
    }
    long total = (long) width * height;
    // Two bytes make at most 255 pixels, four skip at most 255 rows.
    if (total > file.length() * (128L + 64L * width)) {
      throw file.truncated();
    }
    byte[] indices = new byte[Math.toIntExact(total)];
    long done = 0;
    int x = 0;
    while (done < total) {
      int count = file.u8(at++);
      int value = file.u8(at++);
      if (count > 0) {
        int fits = Math.max(0, Math.min(count, width - x));
        for (int i = 0; i < fits; i++) {
          put(indices, done++, nibbles ? value >> (i % 2 == 0 ? 4 : 0) & 15 : value);
        }
        x += fits;
      } else if (value == 0) {
        done = Math.ceilDiv(done, width) * width;
        x = 0;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        done += file.u8(at) + (long) file.u8(at + 1) * width;
        at += 2;
        x = (int) (done % width);
      } else {
        int bytes = nibbles ? value / 2 : value;
        for (int i = 0; i < bytes; i++) {
          int read = file.u8(at++);
          if (nibbles) {
            put(indices, done++, read >> 4);
            put(indices, done++, read & 15);
          } else {
            put(indices, done++, read);
          }
        }
        x += value;
        at += at & 1;
      }
    }
    if (done < total) {
      throw file.truncated();
    }
    var picture = Picture.blank(width, height);
    for (int i = 0; i < indices.length; i++) {
      int y = i / width;
      int row = topDown ? y : height - 1 - y;
      paint(picture, (row * width + i % width) * 3, indices[i] & 0xFF);
    }
    return picture;
  }

  private static void put(byte[] indices, long at, int value) {
    if (at < indices.length) {
      indices[(int) at] = (byte) value;
    }
  }
}
