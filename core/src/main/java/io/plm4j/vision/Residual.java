package io.plm4j.vision;

import io.plm4j.tensor.Tensor;

/// How a branch of a block joins what went around it. Learning may leave branches out (drop path).
///
/// Shapes: x and branch [T, N, W], gain [W].
@FunctionalInterface
public interface Residual {
  /// `x + branch · gain`.
  Residual PLAIN = Tensor::plusProduct;

  Tensor join(Tensor x, Tensor branch, Tensor gain);
}
