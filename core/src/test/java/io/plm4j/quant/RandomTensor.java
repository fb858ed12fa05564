package io.plm4j.quant;

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
}
