package io.plm4j.train.learn;

/// What becomes of a layer's inner values between the way forth and the way back.
public enum Memory {
  /// They are remembered: the fastest.
  REMEMBER,

  /// Only each layer's input is; the layer is run once more on the way back ("activation
  /// checkpointing", "gradient checkpointing"): a third more work, a fraction of the memory.
  RECOMPUTE
}
