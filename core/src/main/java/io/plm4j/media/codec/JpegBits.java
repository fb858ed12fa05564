package io.plm4j.media.codec;

/// Reads the entropy-coded part of a JPEG scan, bit by bit.
///
/// At a marker the bits end. What is asked for beyond is zero, and [#exhausted] then tells that the
/// rest of the interval is lost; libjpeg goes on likewise. At the end of the file it is truncated.
final class JpegBits {
  private final FileBytes file;
  private final byte[] bytes;
  private int at;
  private long buffer; // the next bit is the highest of the lowest `count`
  private int count;
  private int marker; // the one that ended the bits, 0 if none yet
  private boolean exhausted;

  JpegBits(FileBytes file, int at) {
    this.file = file;
    this.bytes = file.array();
    this.at = at;
  }

  boolean exhausted() {
    return exhausted;
  }

  private void fill(int wanted) {
    while (count <= 48 && marker == 0) {
      if (at >= bytes.length) {
        break;
      }
      int next = bytes[at] & 0xFF;
      if (next == 0xFF) {
        int after = at + 1;
        while (after < bytes.length && (bytes[after] & 0xFF) == 0xFF) {
          after++;
        }
        if (after >= bytes.length) {
          at = after;
          break;
        }
        at = after + 1;
        if (bytes[after] != 0) {
          marker = bytes[after] & 0xFF;
          break;
        }
      } else {
        at++;
      }
      buffer = buffer << 8 | next;
      count += 8;
    }
    if (count < wanted) {
      if (marker == 0) {
        throw file.truncated();
      }
      exhausted = true;
      buffer <<= 32;
      count += 32;
    }
  }

  /// The next `n` bits, at most 16, without taking them.
  private int peek(int n) {
    if (count < n) {
      fill(n);
    }
    return (int) (buffer >>> (count - n)) & ((1 << n) - 1);
  }

  int bits(int n) {
    if (n == 0) {
      return 0;
    }
    int value = peek(n);
    count -= n;
    return value;
  }

  /// A number of `n` bits whose first bit tells its sign: 0 for negative.
  int signed(int n) {
    int value = bits(n);
    return n == 0 || value >= 1 << (n - 1) ? value : value - (1 << n) + 1;
  }

  int symbol(HuffmanTable table) {
    if (count < 16) {
      // Near the end of a scan there need not be 16 bits; a shorter code may still be whole.
      return slowSymbol(table);
    }
    int quick =
        table.quick(
            (int) (buffer >>> (count - HuffmanTable.LOOK)) & ((1 << HuffmanTable.LOOK) - 1));
    if (quick != 0) {
      count -= quick >> 8;
      return quick & 0xFF;
    }
    return bitwiseSymbol(table);
  }

  private int slowSymbol(HuffmanTable table) {
    fill(1);
    return count < 16 ? bitwiseSymbol(table) : symbol(table);
  }

  private int bitwiseSymbol(HuffmanTable table) {
    int code = 0;
    for (int length = 1; length <= 16; length++) {
      code = code << 1 | bits(1);
      int symbol = table.symbol(code, length);
      if (symbol >= 0) {
        return symbol;
      }
    }
    return 0; // no such code: corrupt data, which libjpeg takes for zero
  }

  /// Ends an interval: drops the bits left and looks for the restart marker with this number.
  void restart(int number) {
    count = 0;
    buffer = 0;
    exhausted = false;
    if (marker == 0) {
      marker = nextMarker();
    }
    while (marker != 0xD0 + number) {
      int ahead = marker - 0xD0 - number & 7;
      boolean isRestart = marker >= 0xD0 && marker <= 0xD7;
      if (marker >= 0xC0 && (!isRestart || ahead <= 2)) {
        return; // this interval is lost: its marker stays, and zeros are read until the next
      }
      if (isRestart && ahead < 6) {
        break; // too far off to be believed: take it for the one wanted
      }
      marker = nextMarker();
    }
    marker = 0;
  }

  private int nextMarker() {
    while (true) {
      while (file.u8(at) != 0xFF) {
        at++;
      }
      while (file.u8(at) == 0xFF) {
        at++;
      }
      int found = file.u8(at++);
      if (found != 0) {
        return found;
      }
    }
  }

  /// Where the marker that ends the scan stands.
  int end() {
    if (marker == 0) {
      nextMarker();
    }
    return at - 2;
  }
}
