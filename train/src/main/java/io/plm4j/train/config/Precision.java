package io.plm4j.train.config;

/// What a model is computed in while it learns.
public enum Precision {
  F32,
  /// BF16, with the weights that learn kept in F32 beside it.
  BF16
}
