package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Attention of one position with the Vector API. Keys and values are each read once for all heads
/// of the group, in blocks of positions small enough that a block's rows stay in the first-level
/// cache while the heads take turns.
final class VectorQueryKernel implements QueryKernel {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /// 64 positions of 128 numbers in 16 bits are 16 KB, half of a first-level data cache.
  private static final int BLOCK = 64;

  private final PlainQueryKernel plain = new PlainQueryKernel();

  @Override
  public void attend(
      Group group, MemorySegment keys, MemorySegment values, DType type, int length) {
    int dim = group.dim();
    if (dim % LANES != 0) {
      plain.attend(group, keys, values, type, length);
      return;
    }
    var scores = new float[group.size() * length];
    float scale = (float) (1 / Math.sqrt(dim));
    for (int block = 0; block < length; block += BLOCK) {
      int end = Math.min(block + BLOCK, length);
      for (int g = 0; g < group.size(); g++) {
        int from = group.first() + g * dim;
        for (int s = block; s < end; s++) {
          var dot = FloatVector.zero(F);
          for (int d = 0; d < dim; d += LANES) {
            dot =
                load(keys, type, (long) s * dim + d)
                    .fma(FloatVector.fromArray(F, group.query(), from + d), dot);
          }
          scores[g * length + s] = Lanes.sum(dot) * scale;
        }
      }
    }
    for (int g = 0; g < group.size(); g++) {
      QueryKernel.softmax(scores, g, length);
    }
    int numbers = group.size() * dim;
    Arrays.fill(group.result(), group.first(), group.first() + numbers, 0);
    for (int block = 0; block < length; block += BLOCK) {
      int end = Math.min(block + BLOCK, length);
      for (int g = 0; g < group.size(); g++) {
        int from = group.first() + g * dim;
        for (int d = 0; d < dim; d += LANES) {
          var sum = FloatVector.fromArray(F, group.result(), from + d);
          for (int s = block; s < end; s++) {
            sum =
                load(values, type, (long) s * dim + d)
                    .fma(FloatVector.broadcast(F, scores[g * length + s]), sum);
          }
          sum.intoArray(group.result(), from + d);
        }
      }
    }
  }

  private static FloatVector load(MemorySegment memory, DType type, long index) {
    if (type == DType.F32) {
      return FloatVector.fromMemorySegment(F, memory, index * Float.BYTES, LITTLE_ENDIAN);
    }
    return Lanes.widen(memory, index * Short.BYTES);
  }
}
