package io.plm4j.media.codec;

/// LZW as TIFF has it: bits from the highest down, and codes grow one earlier than they need to.
final class TiffLzw {
  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int MAX_CODES = 4096;

  private TiffLzw() {}

  /// Unpacks at most `length` bytes; what is missing at the end is an error of the file.
  static byte[] decode(FileBytes file, byte[] packed, int length) {
    byte[] out = new byte[length];
    // A code stands for bytes that were written before: where they begin and how many they are.
    int[] start = new int[MAX_CODES];
    int[] size = new int[MAX_CODES];
    int next = END + 1;
    int bits = 9;
    int before = -1;
    int done = 0;
    int beforeAt = 0;
    int beforeSize = 0;
    long position = 0;
    while (done < length) {
      int code = code(packed, position, bits);
      if (code < 0 || code == END) {
        throw file.truncated();
      }
      position += bits;
      if (code == CLEAR) {
        next = END + 1;
        bits = 9;
        before = -1;
        continue;
      }
      if ((code > END && code > (before < 0 ? END : next)) || code >= MAX_CODES) {
        throw file.damaged("its compressed data are corrupt");
      }
      if (before >= 0 && next < MAX_CODES) {
        // The run before and the first byte of this one, which follows it in the output.
        start[next] = beforeAt;
        size[next] = beforeSize + 1;
        next++;
      }
      int count = code < CLEAR ? 1 : size[code];
      beforeAt = done;
      beforeSize = count;
      for (int i = 0; i < count && done < length; i++) {
        out[done] = code < CLEAR ? (byte) code : out[start[code] + i];
        done++;
      }
      before = code;
      if (next + 1 >= 1 << bits && bits < 12) {
        bits++;
      }
    }
    return out;
  }

  private static int code(byte[] packed, long position, int bits) {
    int at = (int) (position >> 3);
    int window = 0;
    for (int i = 0; i < 3; i++) {
      window = window << 8 | (at + i < packed.length ? packed[at + i] & 0xFF : 0);
    }
    if (position + bits > packed.length * 8L) {
      return -1;
    }
    return window >> (24 - bits - (int) (position & 7)) & (1 << bits) - 1;
  }
}
