package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The plain twin of [VectorQueryKernel].
final class PlainQueryKernel implements QueryKernel {
  /// Numbers that are looked at one by one.
  @FunctionalInterface
  private interface Numbers {
    float at(int row, int column);
  }

  @Override
  public void attend(
      Group group, MemorySegment keys, MemorySegment values, DType type, int length) {
    int dim = group.dim();
    attend(
        group,
        (s, d) -> at(keys, type, (long) s * dim + d),
        (s, d) -> at(values, type, (long) s * dim + d),
        length);
  }

  @Override
  public void attend(Group group, Int8Rows.Head keys, Int8Rows.Head values, int length) {
    attend(group, numbers(keys), numbers(values), length);
  }

  private static Numbers numbers(Int8Rows.Head head) {
    return (s, d) -> head.at((long) s * head.dim() + d) * head.scale(s);
  }

  private static void attend(Group group, Numbers keys, Numbers values, int length) {
    int dim = group.dim();
    var scores = new float[group.size() * length];
    float scale = (float) (1 / Math.sqrt(dim));
    for (int g = 0; g < group.size(); g++) {
      int from = group.first() + g * dim;
      for (int s = 0; s < length; s++) {
        float dot = 0;
        for (int d = 0; d < dim; d++) {
          dot += group.query()[from + d] * keys.at(s, d);
        }
        scores[g * length + s] = dot * scale;
      }
      QueryKernel.softmax(scores, g, length);
      for (int d = 0; d < dim; d++) {
        float sum = 0;
        for (int s = 0; s < length; s++) {
          sum += scores[g * length + s] * values.at(s, d);
        }
        group.result()[from + d] = sum;
      }
    }
  }

  private static float at(MemorySegment memory, DType type, long index) {
    return type == DType.BF16
        ? Bf16.toFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index))
        : memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }
}
