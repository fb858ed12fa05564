package io.plm4j.media.codec;

import org.jspecify.annotations.Nullable;

/// GIF: the first frame on its screen. What the frame does not cover has the transparent colour, or
/// the first if none is transparent, as in Pillow.
final class GifDecoder {
  private static final int MAX_CODES = 4096;

  /// A code of 12 bits can stand for the most pixels a byte; fewer bytes cannot hold the picture.
  private static final long MOST_PIXELS_PER_BYTE = MAX_CODES;

  private final FileBytes file;
  private final SizeCheck size;
  private byte @Nullable [] palette;
  private int background;

  GifDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    int screenWidth = file.u16le(6);
    int screenHeight = file.u16le(8);
    int flags = file.u8(10);
    int at = 13;
    if ((flags & 0x80) != 0) {
      palette = readPalette(at, flags);
      at += 3 << ((flags & 7) + 1);
    }
    at = skipToFrame(at);
    int left = file.u16le(at);
    int top = file.u16le(at + 2);
    int width = file.u16le(at + 4);
    int height = file.u16le(at + 6);
    int frameFlags = file.u8(at + 8);
    at += 9;
    if ((frameFlags & 0x80) != 0) {
      palette = readPalette(at, frameFlags);
      at += 3 << ((frameFlags & 7) + 1);
    }
    // A frame that reaches beyond the screen enlarges it.
    int fullWidth = Math.max(screenWidth, left + width);
    int fullHeight = Math.max(screenHeight, top + height);
    size.check(fullWidth, fullHeight);
    if ((long) width * height > file.length() * MOST_PIXELS_PER_BYTE) {
      throw file.truncated();
    }
    byte[] indices = new byte[Math.multiplyExact(width, height)];
    readPixels(at, indices);
    var picture = Picture.blank(fullWidth, fullHeight);
    if (width < fullWidth || height < fullHeight) {
      fill(picture);
    }
    boolean interlaced = (frameFlags & 0x40) != 0;
    for (int i = 0; i < height; i++) {
      int y = top + (interlaced ? interlacedRow(i, height) : i);
      paint(picture, indices, i * width, width, (y * fullWidth + left) * 3);
    }
    return picture;
  }

  private byte[] readPalette(int at, int flags) {
    int length = 3 << ((flags & 7) + 1);
    file.require(at, length);
    byte[] colours = new byte[256 * 3]; // black where the file says nothing
    System.arraycopy(file.array(), at, colours, 0, length);
    return colours;
  }

  /// Passes extensions, of which one tells the transparent colour, and returns where the frame
  /// begins.
  private int skipToFrame(int at) {
    while (true) {
      int kind = file.u8(at++);
      if (kind == ',') {
        return at;
      }
      if (kind == ';') {
        throw file.damaged("it holds no pixels");
      }
      if (kind == '!') {
        int label = file.u8(at++);
        if (label == 0xF9 && file.u8(at) >= 4 && (file.u8(at + 1) & 1) != 0) {
          background = file.u8(at + 4);
        }
        while (file.u8(at) != 0) {
          at += 1 + file.u8(at);
        }
        at++;
      }
    }
  }

  private void fill(Picture picture) {
    byte[] one = {(byte) background};
    for (int at = 0; at < picture.rgb().length; at += 3) {
      paint(picture, one, 0, 1, at);
    }
  }

  private void paint(Picture picture, byte[] indices, int from, int count, int at) {
    for (int i = from; i < from + count; i++, at += 3) {
      int index = indices[i] & 0xFF;
      if (palette == null) {
        picture.set(at, index, index, index);
      } else {
        picture.set(at, palette[index * 3], palette[index * 3 + 1], palette[index * 3 + 2]);
      }
    }
  }

  /// Rows come in four passes: each eighth, those between, each fourth between them, the rest.
  private static int interlacedRow(int i, int height) {
    int eighths = Math.ceilDiv(height, 8);
    int fourths = Math.ceilDiv(height, 4);
    int halves = Math.ceilDiv(height, 2);
    if (i < eighths) {
      return i * 8;
    }
    if (i < fourths) {
      return (i - eighths) * 8 + 4;
    }
    return i < halves ? (i - fourths) * 4 + 2 : (i - halves) * 2 + 1;
  }

  /// Undoes the LZW compression.
  private void readPixels(int at, byte[] pixels) {
    int literalBits = file.u8(at++);
    if (literalBits < 1 || literalBits > 11) {
      throw file.damaged("its pixels have %d bits".formatted(literalBits));
    }
    int clear = 1 << literalBits;
    int[] previous = new int[MAX_CODES];
    byte[] last = new byte[MAX_CODES];
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
    }
    byte[] run = new byte[MAX_CODES + 1];
    int next = clear + 2;
    int codeBits = literalBits + 1;
    int before = -1;
    int first = 0;
    int done = 0;
    int buffer = 0;
    int bits = 0;
    int blockLeft = 0;
    while (done < pixels.length) {
      while (bits < codeBits) {
        if (blockLeft == 0) {
          blockLeft = file.u8(at++);
          if (blockLeft == 0) {
            throw file.truncated();
          }
        }
        buffer |= file.u8(at++) << bits;
        bits += 8;
        blockLeft--;
      }
      int code = buffer & (1 << codeBits) - 1;
      buffer >>>= codeBits;
      bits -= codeBits;
      if (code == clear) {
        next = clear + 2;
        codeBits = literalBits + 1;
        before = -1;
        continue;
      }
      if (code == clear + 1) {
        throw file.damaged("its pixels are incomplete");
      }
      if (code > (before < 0 ? clear : next)) {
        throw file.damaged("its compressed data are corrupt");
      }
      int from = run.length;
      int symbol = code;
      if (code == next) { // the run that is being defined: the one before and its own first pixel
        run[--from] = (byte) first;
        symbol = before;
      }
      while (symbol >= clear) {
        run[--from] = last[symbol];
        symbol = previous[symbol];
      }
      run[--from] = last[symbol];
      first = symbol;
      if (before >= 0 && next < MAX_CODES) {
        last[next] = (byte) first;
        previous[next] = before;
        next++;
        if (next == 1 << codeBits && codeBits < 12) {
          codeBits++;
        }
      }
      before = code;
      int count = Math.min(run.length - from, pixels.length - done);
      System.arraycopy(run, from, pixels, done, count);
      done += count;
    }
    file.require(at, blockLeft);
  }
}
