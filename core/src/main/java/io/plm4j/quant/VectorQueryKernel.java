package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Attention of one position with the Vector API. A block of keys or values is read and widened
/// once for all heads of the group, to floats that stay in the first-level cache while the heads
/// take turns. The loops are methods of their own: in one method they are more than the compiler
/// inlines.
final class VectorQueryKernel implements QueryKernel {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /// 32 positions of 128 floats are 16 KB, half of a first-level data cache.
  private static final int BLOCK = 32;

  /// Heads whose sums are made together: a group of the published models has 3 or 4.
  static final int TOGETHER = 4;

  private final PlainQueryKernel plain = new PlainQueryKernel();

  @Override
  public void attend(
      Group group, MemorySegment keys, MemorySegment values, DType type, int length) {
    int dim = group.dim();
    if (dim % LANES != 0) {
      plain.attend(group, keys, values, type, length);
      return;
    }
    attend(
        group,
        new Strided(keys, type, 0, dim, dim),
        new Strided(values, type, 0, dim, dim),
        length);
  }

  @Override
  public void attend(Group group, Int8Rows.Head keys, Int8Rows.Head values, int length) {
    if (group.dim() % LANES != 0) {
      plain.attend(group, keys, values, length);
      return;
    }
    Int8QueryLoops.attend(group, keys, values, length);
  }

  private static void attend(Group group, Rows keys, Rows values, int length) {
    int dim = group.dim();
    var block = new float[BLOCK * dim];
    var scores = new float[group.size() * length];
    for (int from = 0; from < length; from += BLOCK) {
      int count = widen(keys, from, length, block);
      for (int g = 0; g < group.size(); g += TOGETHER) {
        score(group, g, block, count, scores, from, length);
      }
    }
    for (int g = 0; g < group.size(); g++) {
      softmax(scores, g, length);
    }
    Arrays.fill(group.result(), group.first(), group.first() + group.size() * dim, 0);
    for (int from = 0; from < length; from += BLOCK) {
      int count = widen(values, from, length, block);
      for (int g = 0; g < group.size(); g += TOGETHER) {
        mix(group, g, block, count, scores, from, length);
      }
    }
  }

  /// Copies up to a block of rows, and returns how many.
  private static int widen(Rows rows, int from, int length, float[] block) {
    int count = Math.min(BLOCK, length - from);
    for (int i = 0; i < count; i++) {
      rows.row(from + i, block, i * rows.columns());
    }
    return count;
  }

  /// A head of the group: the last one, where there are fewer. Its sums are then made several
  /// times.
  static int head(Group group, int g) {
    return Math.min(g, group.size() - 1);
  }

  /// Scores to the base 2 of four heads from `g` on, of the positions of a block.
  private static void score(
      Group group, int g, float[] keys, int count, float[] scores, int from, int length) {
    int dim = group.dim();
    int g1 = head(group, g + 1);
    int g2 = head(group, g + 2);
    int g3 = head(group, g + 3);
    float[] query = group.query();
    int q0 = group.first() + g * dim;
    int q1 = group.first() + g1 * dim;
    int q2 = group.first() + g2 * dim;
    int q3 = group.first() + g3 * dim;
    float scale = (float) (Exponential.LOG2_E / Math.sqrt(dim));
    for (int i = 0; i < count; i++) {
      var dot0 = FloatVector.zero(F);
      var dot1 = FloatVector.zero(F);
      var dot2 = FloatVector.zero(F);
      var dot3 = FloatVector.zero(F);
      for (int d = 0; d < dim; d += LANES) {
        var key = FloatVector.fromArray(F, keys, i * dim + d);
        dot0 = key.fma(FloatVector.fromArray(F, query, q0 + d), dot0);
        dot1 = key.fma(FloatVector.fromArray(F, query, q1 + d), dot1);
        dot2 = key.fma(FloatVector.fromArray(F, query, q2 + d), dot2);
        dot3 = key.fma(FloatVector.fromArray(F, query, q3 + d), dot3);
      }
      int s = from + i;
      scores[g * length + s] = Lanes.sum(dot0) * scale;
      scores[g1 * length + s] = Lanes.sum(dot1) * scale;
      scores[g2 * length + s] = Lanes.sum(dot2) * scale;
      scores[g3 * length + s] = Lanes.sum(dot3) * scale;
    }
  }

  /// Adds the positions of a block to the results of four heads from `g` on.
  private static void mix(
      Group group, int g, float[] values, int count, float[] weights, int from, int length) {
    int dim = group.dim();
    int g1 = head(group, g + 1);
    int g2 = head(group, g + 2);
    int g3 = head(group, g + 3);
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
      for (int i = 0; i < count; i++) {
        var value = FloatVector.fromArray(F, values, i * dim + d);
        int s = from + i;
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
  static void softmax(float[] scores, int row, int length) {
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
}
