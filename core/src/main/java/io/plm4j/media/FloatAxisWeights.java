package io.plm4j.media;

/// What [AxisWeights] holds, reckoned in 32-bit floats as PyTorch does for float pictures: each
/// step rounds, and where a product is added the two are fused.
///
/// @param first index of the first source position
/// @param count how many source positions count
/// @param weights `taps` of them for each position, of which the first `count` are used
/// @param taps the most source positions that any result position has
@SuppressWarnings("ArrayRecordComponent") // tables, never compared
record FloatAxisWeights(int[] first, int[] count, float[] weights, int taps) {
  static FloatAxisWeights of(int in, int out) {
    float scale = (float) in / out;
    float support = scale >= 1 ? 2 * scale : 2;
    float shrink = scale >= 1 ? (float) (1.0 / scale) : 1;
    int taps = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[out];
    int[] count = new int[out];
    float[] weights = new float[Math.multiplyExact(out, taps)];
    for (int i = 0; i < out; i++) {
      float centre = (float) (scale * (i + 0.5));
      int from = Math.max((int) (centre - support + 0.5), 0);
      int n = Math.clamp(Math.min((int) (centre + support + 0.5), in) - from, 0, taps);
      float sum = 0;
      for (int j = 0; j < n; j++) {
        float weight = kernel((float) (((float) (j + from) - centre + 0.5) * shrink));
        weights[i * taps + j] = weight;
        sum += weight;
      }
      for (int j = 0; j < n; j++) {
        weights[i * taps + j] /= sum;
      }
      first[i] = from;
      count[i] = n;
    }
    return new FloatAxisWeights(first, count, weights, taps);
  }

  /// Keys' cubic kernel with a = -0.5.
  private static float kernel(float position) {
    float x = Math.abs(position);
    if (x < 1) {
      return Math.fma(Math.fma(1.5f, x, -2.5f) * x, x, 1f);
    }
    if (x < 2) {
      return Math.fma(Math.fma(Math.fma(-0.5f, x, 2.5f), x, -4f), x, 2f);
    }
    return 0;
  }

  /// One past the last source position that counts for any result.
  int end() {
    int last = first.length - 1;
    return first[last] + count[last];
  }
}
