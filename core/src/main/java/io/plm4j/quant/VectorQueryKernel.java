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
    float scale = (float) (Exponential.LOG2_E / Math.sqrt(dim));
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
      softmax(scores, g, length);
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

  /// Heads whose sums are made together: a group of the published models has 3 or 4, and so widens
  /// each byte once.
  private static final int TOGETHER = 4;

  @Override
  public void attend(Group group, Int8Rows.Head keys, Int8Rows.Head values, int length) {
    if (group.dim() % LANES != 0) {
      plain.attend(group, keys, values, length);
      return;
    }
    var scores = new float[group.size() * length];
    for (int g = 0; g < group.size(); g += TOGETHER) {
      score(group, g, keys, scores, length);
    }
    for (int g = 0; g < group.size(); g++) {
      softmax(scores, g, length);
      for (int s = 0; s < length; s++) {
        scores[g * length + s] *= values.scale(s);
      }
    }
    int numbers = group.size() * group.dim();
    Arrays.fill(group.result(), group.first(), group.first() + numbers, 0);
    for (int block = 0; block < length; block += BLOCK) {
      int end = Math.min(block + BLOCK, length);
      for (int g = 0; g < group.size(); g += TOGETHER) {
        mix(group, g, values, scores, length, block, end);
      }
    }
  }

  /// Scores to the base 2 of the heads from `g` on. Where there are fewer than four, the last one's
  /// are made several times.
  private static void score(Group group, int g, Int8Rows.Head keys, float[] scores, int length) {
    int dim = group.dim();
    int last = group.size() - 1;
    int g1 = Math.min(g + 1, last);
    int g2 = Math.min(g + 2, last);
    int g3 = Math.min(g + 3, last);
    float[] query = group.query();
    int q0 = group.first() + g * dim;
    int q1 = group.first() + g1 * dim;
    int q2 = group.first() + g2 * dim;
    int q3 = group.first() + g3 * dim;
    float base = (float) (Exponential.LOG2_E / Math.sqrt(dim));
    for (int s = 0; s < length; s++) {
      var dot0 = FloatVector.zero(F);
      var dot1 = FloatVector.zero(F);
      var dot2 = FloatVector.zero(F);
      var dot3 = FloatVector.zero(F);
      long at = (long) s * dim;
      for (int d = 0; d < dim; d += LANES) {
        var key = Lanes.signed(keys.numbers(), at + d);
        dot0 = key.fma(FloatVector.fromArray(F, query, q0 + d), dot0);
        dot1 = key.fma(FloatVector.fromArray(F, query, q1 + d), dot1);
        dot2 = key.fma(FloatVector.fromArray(F, query, q2 + d), dot2);
        dot3 = key.fma(FloatVector.fromArray(F, query, q3 + d), dot3);
      }
      float scale = keys.scale(s) * base;
      scores[g * length + s] = Lanes.sum(dot0) * scale;
      scores[g1 * length + s] = Lanes.sum(dot1) * scale;
      scores[g2 * length + s] = Lanes.sum(dot2) * scale;
      scores[g3 * length + s] = Lanes.sum(dot3) * scale;
    }
  }

  /// Adds a block of positions to the results of the heads from `g` on.
  private static void mix(
      Group group, int g, Int8Rows.Head values, float[] weights, int length, int block, int end) {
    int dim = group.dim();
    int last = group.size() - 1;
    int g1 = Math.min(g + 1, last);
    int g2 = Math.min(g + 2, last);
    int g3 = Math.min(g + 3, last);
    float[] result = group.result();
    int y0 = group.first() + g * dim;
    int y1 = group.first() + g1 * dim;
    int y2 = group.first() + g2 * dim;
    int y3 = group.first() + g3 * dim;
    for (int d = 0; d < dim; d += LANES) {
      var sum0 = FloatVector.fromArray(F, result, y0 + d);
      var sum1 = FloatVector.fromArray(F, result, y1 + d);
      var sum2 = FloatVector.fromArray(F, result, y2 + d);
      var sum3 = FloatVector.fromArray(F, result, y3 + d);
      for (int s = block; s < end; s++) {
        var value = Lanes.signed(values.numbers(), (long) s * dim + d);
        sum0 = value.fma(FloatVector.broadcast(F, weights[g * length + s]), sum0);
        sum1 = value.fma(FloatVector.broadcast(F, weights[g1 * length + s]), sum1);
        sum2 = value.fma(FloatVector.broadcast(F, weights[g2 * length + s]), sum2);
        sum3 = value.fma(FloatVector.broadcast(F, weights[g3 * length + s]), sum3);
      }
      sum0.intoArray(result, y0 + d);
      sum1.intoArray(result, y1 + d);
      sum2.intoArray(result, y2 + d);
      sum3.intoArray(result, y3 + d);
    }
  }

  /// Scores to the base 2 become probabilities in place: a row of `length` numbers.
  private static void softmax(float[] scores, int row, int length) {
    int from = row * length;
    int whole = from + F.loopBound(length);
    int to = from + length;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      max = Math.max(max, scores[i]);
    }
    var total = FloatVector.zero(F);
    for (int i = from; i < whole; i += LANES) {
      var weight = Exponential.base2(FloatVector.fromArray(F, scores, i).sub(max));
      weight.intoArray(scores, i);
      total = total.add(weight);
    }
    float sum = Lanes.sum(total);
    for (int i = whole; i < to; i++) {
      scores[i] = (float) Math.pow(2, scores[i] - max);
      sum += scores[i];
    }
    float scale = 1 / sum;
    for (int i = from; i < to; i++) {
      scores[i] *= scale;
    }
  }

  private static FloatVector load(MemorySegment memory, DType type, long index) {
    if (type == DType.F32) {
      return FloatVector.fromMemorySegment(F, memory, index * Float.BYTES, LITTLE_ENDIAN);
    }
    return Lanes.widen(memory, index * Short.BYTES);
  }
}
