package io.plm4j.nn;

import io.plm4j.tensor.Tensor;

/// Root-mean-square normalisation over the last dimension. Shapes: weight [dim], x [..., dim].
public record RmsNorm(Tensor weight, double eps) {
  public static RmsNorm of(Weights weights, long dim, double eps) {
    return new RmsNorm(weights.tensor("weight", dim), eps);
  }

  public Tensor apply(Tensor x) {
    return x.rmsNorm(weight, eps);
  }
}
