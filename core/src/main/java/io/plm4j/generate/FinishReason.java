package io.plm4j.generate;

/// Why an answer ended.
public enum FinishReason {
  /// The model said that it was done: a token that ends an answer.
  END_OF_TURN,
  /// One of the caller's stop strings came; the text ends before it.
  STOP_STRING,
  /// The number of new tokens that the caller allowed was reached.
  LENGTH,
  /// The caller cancelled; the text is what there was until then.
  CANCELLED
}
