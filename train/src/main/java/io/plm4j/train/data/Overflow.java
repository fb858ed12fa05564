package io.plm4j.train.data;

/// What becomes of a conversation that is too long.
public enum Overflow {
  /// Its last questions and answers are left out until it fits; a row of which nothing is left is
  /// skipped.
  DROP_TURNS,

  /// The row is skipped.
  SKIP
}
