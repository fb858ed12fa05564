package io.plm4j.media.codec;

/// Samples of 1, 2, 4 or 8 bits, packed into bytes from the highest bit down.
final class Bits {
  private Bits() {}

  static int sample(byte[] row, int index, int depth) {
    int bit = index * depth;
    return (row[bit >> 3] & 0xFF) >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
  }

  /// The same, stretched so that the largest value becomes 255.
  static int stretched(byte[] row, int index, int depth) {
    return sample(row, index, depth) * (255 / ((1 << depth) - 1));
  }
}
