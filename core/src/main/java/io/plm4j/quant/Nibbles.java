package io.plm4j.quant;

import java.util.Arrays;

/// A row of x in the order of a matrix's four-bit codes: what meets the lower and what meets the
/// upper bits of each byte of a row.
///
/// @param low one a byte
/// @param high one a byte
record Nibbles(float[] low, float[] high) {
  /// For [Int4Matrix]: halves of groups. What is missing in the last group is 0.
  static Nibbles halves(float[] x, int group) {
    int half = group / 2;
    int bytes = (int) Int4Matrix.groups(x.length, group) * half;
    var low = new float[bytes];
    var high = new float[bytes];
    for (int at = 0; at < bytes; at += half) {
      copy(x, 2 * at, low, at, half);
      copy(x, 2 * at + half, high, at, half);
    }
    return new Nibbles(low, high);
  }

  static Nibbles[] halves(float[][] rows, int group) {
    return Arrays.stream(rows).map(row -> halves(row, group)).toArray(Nibbles[]::new);
  }

  private static void copy(float[] x, int from, float[] to, int at, int count) {
    int there = Math.clamp(x.length - from, 0, count);
    System.arraycopy(x, Math.min(from, x.length), to, at, there);
  }

  /// For [Nf4Matrix]: of each pair of neighbours, the earlier is in the upper bits.
  static Nibbles pairs(float[] x) {
    var low = new float[x.length / 2];
    var high = new float[x.length / 2];
    for (int i = 0; i < low.length; i++) {
      high[i] = x[2 * i];
      low[i] = x[2 * i + 1];
    }
    return new Nibbles(low, high);
  }

  static Nibbles[] pairs(float[][] rows) {
    return Arrays.stream(rows).map(Nibbles::pairs).toArray(Nibbles[]::new);
  }
}
