package io.plm4j.nn;

import io.plm4j.tensor.Tensor;

/// Layer normalisation over the last dimension, with gain and shift. Shapes: weight and bias [dim],
/// x [..., dim].
public record LayerNorm(Tensor weight, Tensor bias, double eps) {
  public static LayerNorm of(Weights weights, long dim, double eps) {
    return new LayerNorm(weights.tensor("weight", dim), weights.tensor("bias", dim), eps);
  }

  public Tensor apply(Tensor x) {
    return x.layerNorm(weight, bias, eps);
  }
}
