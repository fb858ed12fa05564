package io.plm4j.train.data;

/// All numbers below a size in an order that a key decides, without a table: any place of it is
/// computed alone.
///
/// A Feistel network permutes the numbers of the next even count of bits; a number that falls
/// outside is sent through again until it falls inside, which takes less than four rounds on
/// average.
record Permutation(int size, long key) {
  private static final int ROUNDS = 6;

  /// The number in a place.
  int at(int place) {
    java.util.Objects.checkIndex(place, size);
    int half = Math.max(1, (33 - Integer.numberOfLeadingZeros(size - 1)) / 2);
    long number = place;
    do {
      number = through(number, half);
    } while (number >= size);
    return (int) number;
  }

  private long through(long number, int half) {
    long mask = (1L << half) - 1;
    long left = number >>> half;
    long right = number & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long turned = left ^ (mix(right + mix(key + round)) & mask);
      left = right;
      right = turned;
    }
    return left << half | right;
  }

  /// Spreads what two numbers differ in over all bits: the mixing of SplitMix64.
  static long mix(long number) {
    long z = number + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
