package io.plm4j.benchmarks;

import io.plm4j.quant.Int8Rows;
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

  /// Rows in 8 bits that stand for a tensor's.
  Int8Rows int8(Tensor rows) {
    try (var _ = Scope.open()) {
      var kept = Int8Rows.uninitialized(rows.size(1), rows.size(2), rows.size(3));
      kept.put(0, rows);
      owner.hold(kept.numbers());
      owner.hold(kept.scales());
      return kept;
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
