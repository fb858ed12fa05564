package io.plm4j.quant;

import io.plm4j.quant.QueryKernel.Group;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [VectorQueryKernel] over rows in 8 bits: they are short enough to be widened in
/// registers, which takes two thirds of the time that a block of floats does.
final class Int8QueryLoops {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int TOGETHER = VectorQueryKernel.TOGETHER;

  /// 64 positions of 128 bytes are 8 KB, a quarter of a first-level data cache.
  private static final int BLOCK = 64;

  private Int8QueryLoops() {}

  static void attend(Group group, Int8Rows.Head keys, Int8Rows.Head values, int length) {
    var scores = new float[group.size() * length];
    for (int g = 0; g < group.size(); g += TOGETHER) {
      score(group, g, keys, scores, length);
    }
    for (int g = 0; g < group.size(); g++) {
      VectorQueryKernel.softmax(scores, g, length);
      for (int s = 0; s < length; s++) {
        scores[g * length + s] *= values.scale(s);
      }
    }
    Arrays.fill(group.result(), group.first(), group.first() + group.size() * group.dim(), 0);
    for (int from = 0; from < length; from += BLOCK) {
      int end = Math.min(from + BLOCK, length);
      for (int g = 0; g < group.size(); g += TOGETHER) {
        mix(group, g, values, scores, length, from, end);
      }
    }
  }

  /// Scores to the base 2 of four heads from `g` on.
  private static void score(Group group, int g, Int8Rows.Head keys, float[] scores, int length) {
    int dim = group.dim();
    int g1 = VectorQueryKernel.head(group, g + 1);
    int g2 = VectorQueryKernel.head(group, g + 2);
    int g3 = VectorQueryKernel.head(group, g + 3);
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

  /// Adds a block of positions to the results of four heads from `g` on.
  private static void mix(
      Group group, int g, Int8Rows.Head values, float[] weights, int length, int from, int end) {
    int dim = group.dim();
    int g1 = VectorQueryKernel.head(group, g + 1);
    int g2 = VectorQueryKernel.head(group, g + 2);
    int g3 = VectorQueryKernel.head(group, g + 3);
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
      for (int s = from; s < end; s++) {
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
}
