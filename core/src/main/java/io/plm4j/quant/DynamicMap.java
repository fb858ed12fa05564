package io.plm4j.quant;

import java.util.Arrays;

/// What numbers in eight bits stand for, times the largest magnitude of their block: seven powers
/// of ten, the smaller the fewer numbers in it.
///
/// Source: Dettmers et al. 2022, 8-bit Optimizers via Block-wise Quantization; the numbers are
/// those of bitsandbytes, to the bit.
public final class DynamicMap {
  private static final int EXPONENTS = 7;

  private DynamicMap() {}

  /// 256 numbers from -0.993 to 1, ascending.
  public static float[] signed() {
    var map = new float[256];
    int count = 0;
    for (int i = 0; i < EXPONENTS; i++) {
      for (float number : decade(i, 1 << i)) {
        map[count++] = number;
        map[count++] = -number;
      }
    }
    return withEnds(map, count);
  }

  /// 256 numbers from 0 to 1, ascending, twice as dense as those with signs.
  public static float[] unsigned() {
    var map = new float[256];
    int count = 0;
    for (int i = 0; i < EXPONENTS; i++) {
      for (float number : decade(i, 2 << i)) {
        map[count++] = number;
      }
    }
    return withEnds(map, count);
  }

  private static float[] withEnds(float[] map, int count) {
    map[count] = 0;
    map[count + 1] = 1;
    Arrays.sort(map);
    return map;
  }

  /// So many numbers below the i-th power of ten and above the one before it.
  private static float[] decade(int i, int numbers) {
    double power = Math.pow(10, i - (EXPONENTS - 1));
    var decade = new float[numbers];
    for (int j = 0; j < numbers; j++) {
      // Rounded where the reference rounds: the mean of two boundaries is a 32-bit number, and
      // so is its product with the power.
      float mean = (boundary(j, numbers) + boundary(j + 1, numbers)) / 2;
      decade[j] = (float) power * mean;
    }
    return decade;
  }

  /// Evenly spaced from 0.1 to 1, from both ends, as torch's `linspace` rounds them.
  private static float boundary(int j, int numbers) {
    float step = (1f - 0.1f) / numbers;
    return j < (numbers + 1) / 2 ? Math.fma(step, j, 0.1f) : Math.fma(-step, numbers - j, 1f);
  }
}
