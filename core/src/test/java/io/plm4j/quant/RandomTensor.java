package io.plm4j.quant;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/// Seeded tensors of normally distributed numbers, in 32 bits.
final class RandomTensor {
  private RandomTensor() {}

  static Tensor of(long seed, long... shape) {
    var random = new Random(seed);
    var values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  /// What positions of a tree see whose branches have 1 to 60 positions.
  static AttentionMask.Tree tree(int trunk, int length, long seed) {
    var random = new Random(seed);
    int[] firsts = new int[length];
    Arrays.fill(firsts, 0, trunk, trunk);
    for (int from = trunk, to; from < length; from = to) {
      to = Math.min(length, from + 1 + random.nextInt(60));
      Arrays.fill(firsts, from, to, from);
    }
    return new AttentionMask.Tree(trunk, firsts);
  }
}
