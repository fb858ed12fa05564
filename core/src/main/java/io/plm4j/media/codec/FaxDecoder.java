package io.plm4j.media.codec;

import java.util.Arrays;

/// Fax compression of black and white rows, as TIFF has it: ITU-T T.4, where a row stands alone or
/// refers to the one above, and T.6, where every row refers to the one above.
final class FaxDecoder {
  /// Rows stand alone and begin with a byte.
  private static final int ROWS_ALONE = 2;

  private static final int T4 = 3;

  private final FileBytes file;
  private final byte[] packed;
  private final int kind;
  private final boolean mayReferToAbove;
  private final int width;
  private int position; // in bits

  /// @param kind TIFF's number of the compression, 2 to 4
  FaxDecoder(FileBytes file, byte[] packed, int kind, long t4Options, int width) {
    this.file = file;
    this.packed = packed;
    this.kind = kind;
    this.mayReferToAbove = (t4Options & 1) != 0;
    this.width = width;
  }

  /// Rows of bits from the highest down, 1 for black.
  byte[] decode(int rows) {
    if (packed.length > Integer.MAX_VALUE / 8) {
      throw file.unsupported("a fax of more than 256 MiB");
    }
    int rowBytes = Math.ceilDiv(width, 8);
    byte[] out = new byte[Math.multiplyExact(rows, rowBytes)];
    // Where the colour changes, beginning with the first black pixel; behind the last there is
    // width.
    int[] above = new int[width + 3];
    int[] row = new int[width + 3];
    Arrays.fill(above, width);
    for (int y = 0; y < rows; y++) {
      boolean alone =
          switch (kind) {
            case ROWS_ALONE -> {
              position = Math.ceilDiv(position, 8) * 8;
              yield true;
            }
            case T4 -> {
              skipEndOfLine();
              yield !mayReferToAbove || bit() == 1;
            }
            default -> false;
          };
      int changes = alone ? readAlone(row) : readWithAbove(row, above);
      Arrays.fill(row, changes, row.length, width);
      paint(row, out, y * rowBytes);
      int[] swap = above;
      above = row;
      row = swap;
    }
    return out;
  }

  private int bit() {
    if (position >= packed.length * 8) {
      throw file.truncated();
    }
    int bit = packed[position >> 3] >> (7 - (position & 7)) & 1;
    position++;
    return bit;
  }

  /// At least eleven zeros and a one; not every writer has them.
  private void skipEndOfLine() {
    int start = position;
    int zeros = 0;
    while (position < packed.length * 8) {
      if (bit() == 1) {
        if (zeros < 11) {
          position = start;
        }
        return;
      }
      zeros++;
    }
    throw file.truncated();
  }

  private int run(FaxCodes codes) {
    int run = 0;
    while (true) {
      int code = 1;
      int found = -1;
      for (int i = 0; i < FaxCodes.MAX_BITS && found < 0; i++) {
        code = code << 1 | bit();
        found = codes.run(code);
      }
      if (found < 0) {
        throw file.damaged("its compressed data are corrupt");
      }
      run = Math.min(run + found, width);
      if (found < 64) {
        return run;
      }
    }
  }

  private int readAlone(int[] row) {
    int changes = 0;
    int x = 0;
    while (x < width) {
      x = Math.min(width, x + run(changes % 2 == 0 ? FaxCodes.WHITE : FaxCodes.BLACK));
      row[changes++] = x;
    }
    return changes;
  }

  /// The row is told by where its changes lie to those above.
  private int readWithAbove(int[] row, int[] above) {
    int changes = 0;
    int x = 0;
    int b = 0; // the next change above to the colour that x does not have
    while (x < width) {
      b = (Math.max(0, b - 2) & ~1) | (changes & 1);
      while (above[b] <= x && above[b] < width && (x > 0 || changes > 0)) {
        b += 2;
      }
      int mode = mode();
      if (mode == PASS) {
        x = above[b + 1];
      } else if (mode == HORIZONTAL) {
        var first = changes % 2 == 0 ? FaxCodes.WHITE : FaxCodes.BLACK;
        var second = changes % 2 == 0 ? FaxCodes.BLACK : FaxCodes.WHITE;
        x = Math.min(width, x + run(first));
        row[changes++] = x;
        x = Math.min(width, x + run(second));
        row[changes++] = x;
      } else {
        int to = above[b] + mode;
        if (to < x || to > width) {
          throw file.damaged("its compressed data are corrupt");
        }
        x = to;
        row[changes++] = x;
      }
      if (changes > width + 1) {
        throw file.damaged("its compressed data are corrupt");
      }
    }
    return changes;
  }

  private static final int PASS = 100;
  private static final int HORIZONTAL = 101;

  /// How far the change lies right of the one above, -3 to 3, or one of the two other modes.
  private int mode() {
    if (bit() == 1) {
      return 0;
    }
    if (bit() == 1) {
      return bit() == 1 ? 1 : -1;
    }
    if (bit() == 1) {
      return HORIZONTAL;
    }
    if (bit() == 1) {
      return PASS;
    }
    for (int far = 2; far <= 3; far++) {
      if (bit() == 1) {
        return bit() == 1 ? far : -far;
      }
    }
    throw file.damaged("its compressed data are corrupt or end too soon");
  }

  private void paint(int[] row, byte[] out, int at) {
    for (int i = 0; row[i] < width; i += 2) {
      for (int x = row[i]; x < row[i + 1]; x++) {
        out[at + (x >> 3)] |= (byte) (0x80 >> (x & 7));
      }
    }
  }
}
