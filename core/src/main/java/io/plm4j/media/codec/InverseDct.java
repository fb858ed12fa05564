package io.plm4j.media.codec;

/// The inverse cosine transform of 8 x 8 blocks in integers, after Loeffler, Ligtenberg and
/// Moschytz, with libjpeg's 13-bit constants and roundings ("islow"), which nearly every program
/// has.
final class InverseDct {
  private static final int BITS = 13;

  /// Extra precision kept between columns and rows.
  private static final int KEPT = 2;

  private static final int C_0_298 = 2446;
  private static final int C_0_390 = 3196;
  private static final int C_0_541 = 4433;
  private static final int C_0_765 = 6270;
  private static final int C_0_899 = 7373;
  private static final int C_1_175 = 9633;
  private static final int C_1_501 = 12299;
  private static final int C_1_847 = 15137;
  private static final int C_1_961 = 16069;
  private static final int C_2_053 = 16819;
  private static final int C_2_562 = 20995;
  private static final int C_3_072 = 25172;

  private final int[] work = new int[64];

  /// Dequantizes and transforms one block.
  ///
  /// @param block 64 coefficients in rows, from `at`
  /// @param samples where the 8 x 8 samples go, from `to`, rows `stride` apart
  void apply(short[] block, int at, int[] quantization, byte[] samples, int to, int stride) {
    for (int x = 0; x < 8; x++) {
      column(block, at + x, quantization, x);
    }
    for (int y = 0; y < 8; y++) {
      row(y * 8, samples, to + y * stride);
    }
  }

  private void column(short[] block, int at, int[] q, int x) {
    int c0 = block[at] * q[x];
    if ((block[at + 8]
            | block[at + 16]
            | block[at + 24]
            | block[at + 32]
            | block[at + 40]
            | block[at + 48]
            | block[at + 56])
        == 0) {
      int flat = c0 << KEPT;
      for (int y = 0; y < 64; y += 8) {
        work[x + y] = flat;
      }
      return;
    }
    transform(
        c0,
        block[at + 8] * q[x + 8],
        block[at + 16] * q[x + 16],
        block[at + 24] * q[x + 24],
        block[at + 32] * q[x + 32],
        block[at + 40] * q[x + 40],
        block[at + 48] * q[x + 48],
        block[at + 56] * q[x + 56],
        x,
        8,
        BITS - KEPT);
  }

  private void row(int at, byte[] samples, int to) {
    transform(
        work[at],
        work[at + 1],
        work[at + 2],
        work[at + 3],
        work[at + 4],
        work[at + 5],
        work[at + 6],
        work[at + 7],
        at,
        1,
        BITS + KEPT + 3);
    for (int x = 0; x < 8; x++) {
      samples[to + x] = (byte) Math.clamp(work[at + x] + 128, 0, 255);
    }
  }

  /// Eight points; the results go to `work`, `step` apart, rounded and shifted right by `shift`.
  private void transform(
      int c0, int c1, int c2, int c3, int c4, int c5, int c6, int c7, int to, int step, int shift) {
    int half = 1 << (shift - 1);
    int rotated = (c2 + c6) * C_0_541;
    int even2 = rotated - c6 * C_1_847;
    int even3 = rotated + c2 * C_0_765;
    int even0 = ((c0 + c4) << BITS) + half;
    int even1 = ((c0 - c4) << BITS) + half;
    int e0 = even0 + even3;
    int e3 = even0 - even3;
    int e1 = even1 + even2;
    int e2 = even1 - even2;

    int sum = (c7 + c3 + c5 + c1) * C_1_175;
    int outer = -(c7 + c1) * C_0_899;
    int inner = -(c5 + c3) * C_2_562;
    int odd73 = sum - (c7 + c3) * C_1_961;
    int odd51 = sum - (c5 + c1) * C_0_390;
    int o3 = c7 * C_0_298 + outer + odd73;
    int o2 = c5 * C_2_053 + inner + odd51;
    int o1 = c3 * C_3_072 + inner + odd73;
    int o0 = c1 * C_1_501 + outer + odd51;

    work[to] = (e0 + o0) >> shift;
    work[to + 7 * step] = (e0 - o0) >> shift;
    work[to + step] = (e1 + o1) >> shift;
    work[to + 6 * step] = (e1 - o1) >> shift;
    work[to + 2 * step] = (e2 + o2) >> shift;
    work[to + 5 * step] = (e2 - o2) >> shift;
    work[to + 3 * step] = (e3 + o3) >> shift;
    work[to + 4 * step] = (e3 - o3) >> shift;
  }
}
