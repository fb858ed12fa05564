package io.plm4j.train.config;

/// What becomes of the values between the layers until gradients need them.
public enum Activations {
  KEPT,
  /// Only what enters a layer is kept, and the layer is computed again: less memory, more time.
  RECOMPUTED
}
