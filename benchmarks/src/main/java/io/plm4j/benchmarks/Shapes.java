package io.plm4j.benchmarks;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Tensors of random numbers that live as long as a benchmark.
final class Shapes implements AutoCloseable {
  private final Owner owner = new Owner();
  private final SplittableRandom random = new SplittableRandom(1);

  Tensor random(DType type, long... shape) {
    var values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    try (var _ = Scope.open()) {
      return owner.hold(Tensor.of(values, shape).to(type));
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
