package io.plm4j.media.codec;

import java.util.zip.CRC32;

/// PNG, through Java's reader. It is given the header, the palette and the pixels and nothing else,
/// so that no profile, no transparency and no packed text is looked at. Of an animation the default
/// picture is taken.
final class PngDecoder {
  private static final int PALETTE = 3;

  /// zlib cannot shrink further than this, so fewer bytes cannot hold the picture.
  private static final long MOST_BYTES_PER_BYTE = 1032;

  private static final int HEADER_AT = 8;
  private static final int HEADER_LENGTH = 13;

  private final FileBytes file;
  private final SizeCheck size;

  PngDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    checkHeader();
    int after = HEADER_AT + HEADER_LENGTH + 12;
    int palette = after;
    int paletteEnd = after;
    int at = after;
    while (!file.has(at + 4, "IDAT")) {
      long length = file.u32be(at);
      file.require(at, length + 12);
      if (file.has(at + 4, "IEND")) {
        throw file.damaged("it holds no pixels");
      }
      int end = at + (int) length + 12;
      if (file.has(at + 4, "PLTE")) {
        checkSum(at, (int) length);
        if (length < 3 || length > 768 || length % 3 != 0) {
          throw file.damaged("its palette has %d bytes".formatted(length));
        }
        palette = at;
        paletteEnd = end;
      }
      at = end;
    }
    if (file.u8(HEADER_AT + 17) == PALETTE && palette == paletteEnd) {
      throw file.damaged("its palette is missing");
    }
    byte[] plain = file.joined(0, after, palette, paletteEnd, at, file.length());
    return Readers.read(Readers.ofJava("png"), file, plain, reader -> Samples.rgb(reader.read(0)));
  }

  private void checkHeader() {
    file.require(HEADER_AT, HEADER_LENGTH + 12);
    if (!file.has(HEADER_AT + 4, "IHDR") || file.u32be(HEADER_AT) != HEADER_LENGTH) {
      throw file.damaged("it does not begin with a header");
    }
    checkSum(HEADER_AT, HEADER_LENGTH);
    long width = file.u32be(HEADER_AT + 8);
    long height = file.u32be(HEADER_AT + 12);
    size.check(width, height);
    int samples =
        switch (file.u8(HEADER_AT + 17)) {
          case 0, PALETTE -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> throw file.damaged("its colour type is unknown");
        };
    long rowBytes = Math.ceilDiv(width * file.u8(HEADER_AT + 16) * samples, 8);
    if (rowBytes * height > file.length() * MOST_BYTES_PER_BYTE) {
      throw file.truncated();
    }
  }

  private void checkSum(int at, int length) {
    var crc = new CRC32();
    file.require(at, length + 12L);
    crc.update(file.array(), at + 4, length + 4);
    if (crc.getValue() != file.u32be(at + 8L + length)) {
      throw file.damaged("the checksum of a chunk at byte %d is wrong".formatted(at));
    }
  }
}
