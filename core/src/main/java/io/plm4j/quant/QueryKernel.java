package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Attention of the query heads that share one key head, at one position.
///
/// Shapes: query and result [G, D] inside a larger array, keys and values [S, D] row-major.
interface QueryKernel {
  /// @param query all heads, [H, D]
  /// @param result where to write, [H, D]
  /// @param first index of this group's first number in both
  /// @param size G, query heads in the group
  /// @param dim D
  record Group(float[] query, float[] result, int first, int size, int dim) {}

  void attend(Group group, MemorySegment keys, MemorySegment values, DType type, int length);

  /// The same over rows in 8 bits.
  void attend(Group group, Int8Rows.Head keys, Int8Rows.Head values, int length);

  /// Turns scores into probabilities in place: rows of `length` numbers, one a query head.
  static void softmax(float[] scores, int row, int length) {
    int from = row * length;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, scores[i]);
    }
    float sum = 0;
    for (int i = from; i < from + length; i++) {
      scores[i] = (float) Math.exp(scores[i] - max);
      sum += scores[i];
    }
    float scale = 1 / sum;
    for (int i = from; i < from + length; i++) {
      scores[i] *= scale;
    }
  }
}
