package io.plm4j.train.learn;

import io.plm4j.tensor.Tensor;
import java.util.Locale;

/// A tensor that is learnt.
///
/// @param name the full one that a checkpoint or an adapter has for it
/// @param value F32 or BF16, tracked
public record Parameter(String name, Tensor value) {
  /// Whether it is a bias or belongs to a norm: those that transformers does not let decay.
  public boolean isBiasOrNorm() {
    return name.endsWith("bias") || name.toLowerCase(Locale.ROOT).contains("norm");
  }
}
