package io.plm4j.train.optimizer;

import io.plm4j.quant.DynamicMap;
import java.util.Arrays;

/// Finds the eight-bit code of a number fast.
final class EightBitCode {
  /// For means of gradients. Of two codes equally near, the smaller.
  static final EightBitCode SIGNED = new EightBitCode(DynamicMap.signed());

  /// For means of squares. What is not 0 does not become 0, however small it is: the step would be
  /// divided by next to nothing, which can throw a weight far off. bitsandbytes lets it.
  static final EightBitCode POSITIVE = new EightBitCode(DynamicMap.unsigned());

  private final float[] values;

  /// A number's code is how many of these are less than it; the last is infinite, where a search
  /// ends at the latest.
  private final float[] thresholds;

  /// Where to begin, by a number's upper sixteen bits: the code of the least number that has them.
  private final byte[] first = new byte[1 << 16];

  private EightBitCode(float[] values) {
    this.values = values;
    thresholds = new float[values.length];
    Arrays.fill(thresholds, Float.POSITIVE_INFINITY);
    for (int i = 0; i < values.length - 1; i++) {
      thresholds[i] = values[i] == 0 && i == 0 ? 0 : middle(values[i], values[i + 1]);
    }
    for (int upper = 0; upper < first.length; upper++) {
      boolean negative = upper >= 1 << 15;
      float least = Float.intBitsToFloat(negative ? upper << 16 | 0xFFFF : upper << 16);
      first[upper] = (byte) from(0, least);
    }
  }

  /// The greatest number that is not nearer to the upper one.
  private static float middle(float lower, float upper) {
    double exact = ((double) lower + upper) / 2;
    float rounded = (float) exact;
    return rounded > exact ? Math.nextDown(rounded) : rounded;
  }

  /// The code of a number from -1 to 1; some code for what is not a number.
  byte of(float x) {
    return (byte) from(first[Float.floatToRawIntBits(x) >>> 16] & 0xFF, x);
  }

  private int from(int code, float x) {
    while (x > thresholds[code]) {
      code++;
    }
    return code;
  }

  /// What a code stands for.
  float value(byte code) {
    return values[code & 0xFF];
  }
}
