package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The plain twin of [VectorQueryKernel].
final class PlainQueryKernel implements QueryKernel {
  @Override
  public void attend(
      Group group, MemorySegment keys, MemorySegment values, DType type, int length) {
    int dim = group.dim();
    var scores = new float[group.size() * length];
    float scale = (float) (1 / Math.sqrt(dim));
    for (int g = 0; g < group.size(); g++) {
      int from = group.first() + g * dim;
      for (int s = 0; s < length; s++) {
        float dot = 0;
        for (int d = 0; d < dim; d++) {
          dot += group.query()[from + d] * at(keys, type, (long) s * dim + d);
        }
        scores[g * length + s] = dot * scale;
      }
      QueryKernel.softmax(scores, g, length);
      for (int d = 0; d < dim; d++) {
        float sum = 0;
        for (int s = 0; s < length; s++) {
          sum += scores[g * length + s] * at(values, type, (long) s * dim + d);
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
