package io.plm4j.language;

/// How the rotary frequencies are stretched for sequences longer than those of the pre-training.
public sealed interface RopeScaling {
  /// The frequencies are used as they are.
  record None() implements RopeScaling {}

  /// Llama 3's scheme: waves shorter than `originalMaxPositions / highFreqFactor` stay, waves
  /// longer than `originalMaxPositions / lowFreqFactor` are slowed down by `factor`, between the
  /// two it is interpolated.
  ///
  /// @param factor at least 1
  /// @param lowFreqFactor positive, less than `highFreqFactor`
  /// @param originalMaxPositions the longest sequence of the pre-training, in tokens
  record Llama3(
      double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositions)
      implements RopeScaling {
    public Llama3 {
      if (!(factor >= 1)) {
        throw new IllegalArgumentException("the rope factor %s is less than 1".formatted(factor));
      }
      if (!(lowFreqFactor > 0 && lowFreqFactor < highFreqFactor)) {
        throw new IllegalArgumentException(
            "low_freq_factor %s must be positive and less than high_freq_factor %s"
                .formatted(lowFreqFactor, highFreqFactor));
      }
      if (originalMaxPositions < 1) {
        throw new IllegalArgumentException(
            "original_max_position_embeddings %d is less than 1".formatted(originalMaxPositions));
      }
    }
  }
}
