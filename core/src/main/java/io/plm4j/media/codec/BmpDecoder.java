package io.plm4j.media.codec;

import java.util.Arrays;

/// Windows and OS/2 bitmaps, through Java's reader, which is kept from profiles that lie in other
/// files and from JPEG and PNG files within.
final class BmpDecoder {
  private static final int PLAIN = 0;
  private static final int BITFIELDS = 3;

  private final FileBytes file;
  private final SizeCheck size;

  BmpDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    long header = file.u32le(14);
    if (header == 12) {
      checkOldHeader();
    } else if (header == 40 || header == 56 || header == 108 || header == 124) {
      checkHeader((int) header);
    } else {
      throw file.unsupported("a header of %d bytes".formatted(header));
    }
    byte[] plain = file.array();
    if (header >= 108) {
      plain = plain.clone();
      int colourSpace = 14 + 56;
      Arrays.fill(plain, colourSpace, colourSpace + 4, (byte) 0);
      byte[] standard = {'B', 'G', 'R', 's'};
      System.arraycopy(standard, 0, plain, colourSpace, 4);
    }
    return Readers.read(Readers.ofJava("bmp"), file, plain, reader -> Samples.rgb(reader.read(0)));
  }

  private void checkOldHeader() {
    int width = file.u16le(18);
    int height = file.u16le(20);
    size.check(width, height);
    requirePixels(width, height, file.u16le(24));
  }

  private void checkHeader(int header) {
    boolean topDown = file.u8(25) == 0xFF;
    long width = file.u32le(18);
    long height = topDown ? (1L << 32) - file.u32le(22) : file.u32le(22);
    size.check(width, height);
    int bits = file.u16le(28);
    long compression = file.u32le(30);
    if (compression == PLAIN || compression == BITFIELDS) {
      requirePixels(width, height, bits);
    } else if (compression > BITFIELDS) {
      throw file.unsupported("compression %d".formatted(compression));
    } else if (width * height > file.length() * (128L + 64L * width)) {
      // Two bytes make at most 255 pixels, four skip at most 255 rows.
      throw file.truncated();
    }
    if (file.u32le(46) > 256) {
      throw file.damaged("its palette has %d colours".formatted(file.u32le(46)));
    }
    file.require(14, header);
  }

  private void requirePixels(long width, long height, int bits) {
    if (bits < 1 || bits > 32) {
      throw file.unsupported("%d bits a pixel".formatted(bits));
    }
    long rowBytes = (width * bits + 31) / 32 * 4;
    file.require(file.u32le(10), rowBytes * (height - 1) + (width * bits + 7) / 8);
  }
}
