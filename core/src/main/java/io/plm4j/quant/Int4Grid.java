package io.plm4j.quant;

/// The sixteen numbers that a group's codes of int4 stand for.
///
/// @param scale representable in bf16, so that codes are chosen for what they will stand for
/// @param zero the code of 0
record Int4Grid(float scale, int zero) {
  /// How much of a group's span a grid has. Few weights lie far out: to cut them off a little makes
  /// the grid finer for the many, and often moves the weights less in all.
  private static final float[] SPANS = {1f, 0.95f, 0.9f, 0.85f, 0.8f};

  /// Adding and subtracting 1.5·2²³ rounds a float to the nearest integer.
  private static final float ROUND = 12_582_912f;

  /// The grid that moves a group least, as the sum of squares.
  ///
  /// @param from where the group begins among the values
  static Int4Grid of(float[] values, int from, int count, QuantFormat.Zero zero) {
    float smallest = 0;
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      smallest = Math.min(smallest, values[i]);
      largest = Math.max(largest, values[i]);
    }
    var best = of(smallest, largest, zero);
    if (!Float.isFinite(best.scale) || best.scale == 0) {
      return best;
    }
    float least = best.error(values, from, count);
    for (int i = 1; i < SPANS.length; i++) {
      var grid = of(smallest * SPANS[i], largest * SPANS[i], zero);
      float error = grid.error(values, from, count);
      if (error < least) {
        best = grid;
        least = error;
      }
    }
    return best;
  }

  private static Int4Grid of(float smallest, float largest, QuantFormat.Zero zero) {
    return switch (zero) {
      case MIDDLE -> {
        // The number farthest from 0 becomes the code farthest from the middle, -8, whatever its
        // sign: so all sixteen codes are used.
        float farthest = largest > -smallest ? largest : smallest;
        yield new Int4Grid(rounded(farthest / -Int4Matrix.MIDDLE), Int4Matrix.MIDDLE);
      }
      case OF_GROUP -> {
        float scale = rounded((largest - smallest) / Int4Matrix.LARGEST_CODE);
        int code = scale == 0 ? 0 : (int) Math.rint(-smallest / scale);
        yield new Int4Grid(scale, Math.clamp(code, 0, Int4Matrix.LARGEST_CODE));
      }
    };
  }

  private static float rounded(float scale) {
    return Bf16.toFloat(Bf16.fromFloat(scale));
  }

  private float inverse() {
    return scale == 0 ? 0 : 1 / scale;
  }

  private float error(float[] values, int from, int count) {
    float inverse = inverse();
    float low = -zero;
    float high = Int4Matrix.LARGEST_CODE - zero;
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      float nearest = values[i] * inverse + ROUND - ROUND;
      float difference = Math.min(Math.max(nearest, low), high) * scale - values[i];
      sum += difference * difference;
    }
    return sum;
  }

  /// What a code stands for.
  float value(int code) {
    return (code - zero) * scale;
  }

  /// The code nearest to a number.
  int code(float value) {
    return Math.clamp((int) Math.rint(value * inverse()) + zero, 0, Int4Matrix.LARGEST_CODE);
  }
}
