package io.plm4j.media;

import java.util.Arrays;

/// For each position along one axis of the result: which source positions count, and how much.
///
/// @param first index of the first source position
/// @param count how many source positions count
/// @param weights `taps` of them for each position, of which the first `count` are used; they sum
///   to 1
/// @param taps the most source positions that any result position has
@SuppressWarnings("ArrayRecordComponent") // tables, never compared
record AxisWeights(int[] first, int[] count, double[] weights, int taps) {
  private static final double A = -0.5;

  /// @param in length of the axis before
  /// @param out length of the axis after
  static AxisWeights of(Bicubic arithmetic, int in, int out) {
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1.0);
    double support = 2.0 * stretch;
    int taps = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[out];
    int[] count = new int[out];
    double[] weights = new double[Math.multiplyExact(out, taps)];
    for (int i = 0; i < out; i++) {
      double centre = scale * (i + 0.5);
      int from = Math.max((int) (centre - support + 0.5), 0);
      int n = Math.min((int) (centre + support + 0.5), in) - from;
      n = Math.clamp(n, 0, taps);
      double sum = 0;
      for (int j = 0; j < n; j++) {
        double weight = kernel(arithmetic, (j + from - centre + 0.5) * (1.0 / stretch));
        weights[i * taps + j] = weight;
        sum += weight;
      }
      for (int j = 0; j < n; j++) {
        weights[i * taps + j] /= sum;
      }
      first[i] = from;
      count[i] = n;
    }
    return new AxisWeights(first, count, weights, taps);
  }

  /// Keys' cubic kernel. Pillow and PyTorch arrange the outer piece differently, which can change
  /// the last bit of a weight.
  private static double kernel(Bicubic arithmetic, double position) {
    double x = Math.abs(position);
    if (x < 1.0) {
      return ((A + 2.0) * x - (A + 3.0)) * x * x + 1;
    }
    if (x < 2.0) {
      return arithmetic == Bicubic.PILLOW
          ? (((x - 5) * x + 8) * x - 4) * A
          : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
    return 0.0;
  }

  /// The weights as integers with `bits` fractional bits, rounded half away from zero.
  int[] fixedPoint(int bits) {
    int[] fixed = new int[weights.length];
    for (int i = 0; i < fixed.length; i++) {
      double scaled = weights[i] * (1 << bits);
      fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  /// The most fractional bits with which every weight still fits into 16 bits with its sign, and at
  /// most 22: PyTorch multiplies pairs of 16-bit numbers.
  int bitsForShorts() {
    double max = Arrays.stream(weights).max().orElse(1);
    int bits = 0;
    while (bits < 22 && (int) (0.5 + max * (1 << (bits + 1))) < 1 << 15) {
      bits++;
    }
    return bits;
  }

  /// One past the last source position that counts for any result.
  int end() {
    int last = first.length - 1;
    return first[last] + count[last];
  }
}
