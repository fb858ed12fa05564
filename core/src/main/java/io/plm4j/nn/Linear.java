package io.plm4j.nn;

import io.plm4j.quant.Kernels;
import io.plm4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// `y = x · Wᵀ + b` over the last dimension, however the weights are stored.
///
/// Shapes: x [..., in], y [..., out].
public sealed interface Linear {
  Tensor apply(Tensor x);

  /// @param weight [out, in]
  /// @param bias [out]
  record Dense(Tensor weight, @Nullable Tensor bias, Kernels kernels) implements Linear {
    @Override
    public Tensor apply(Tensor x) {
      return kernels.suits(x, weight)
          ? kernels.rowProduct(x, weight, bias)
          : x.linear(weight, bias);
    }
  }
}
