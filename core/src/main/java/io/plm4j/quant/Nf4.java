package io.plm4j.quant;

import java.util.Arrays;

/// The tables of NF4: four bits a weight, whose sixteen values are quantiles of a normal
/// distribution scaled to [-1, 1], and the eight-bit numbers that hold its scales.
///
/// Source: Dettmers et al. 2023, QLoRA; the numbers are those of bitsandbytes, to the bit.
public final class Nf4 {
  /// Weights that share a scale.
  public static final int BLOCK = 64;

  /// Scales that share a scale of their own.
  public static final int SCALE_BLOCK = 256;

  /// What each of the sixteen codes stands for, times the largest magnitude of the block.
  static final float[] VALUES = {
    -1f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1f
  };

  /// A number's code is how many of these are less than it. They are typed, not computed: the
  /// rounded means of neighbouring values differ from some of them in the last bits.
  static final float[] THRESHOLDS = {
    -0.8480964004993439f,
    -0.6106329262256622f,
    -0.4599952697753906f,
    -0.33967943489551544f,
    -0.23460740596055984f,
    -0.13791173323988914f,
    -0.045525018125772476f,
    0.03979014977812767f,
    0.1202552504837513f,
    0.2035212516784668f,
    0.2920137718319893f,
    0.3893125355243683f,
    0.5016634166240692f,
    0.6427869200706482f,
    0.8614784781181110f
  };

  private Nf4() {}

  /// The sixteen values, in the order of their codes.
  public static float[] values() {
    return VALUES.clone();
  }

  /// The code of a number in [-1, 1]; 0 for what is not a number, as where a block of zeros was
  /// divided by its largest.
  static int code(float x) {
    int code = 0;
    for (float threshold : THRESHOLDS) {
      if (x > threshold) {
        code++;
      }
    }
    return code;
  }

  /// The index of the number nearest to x; of two equally near, the first.
  ///
  /// @param map ascending
  static int nearest(float[] map, float x) {
    int at = Arrays.binarySearch(map, x);
    if (at >= 0) {
      return at;
    }
    int above = -at - 1;
    if (above == 0) {
      return 0;
    }
    if (above == map.length) {
      return map.length - 1;
    }
    return x - map[above - 1] <= map[above] - x ? above - 1 : above;
  }
}
