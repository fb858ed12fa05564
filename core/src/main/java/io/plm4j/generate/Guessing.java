package io.plm4j.generate;

/// Whether the next tokens of an answer may be guessed and the guesses checked together. The answer
/// is the same in any case, only the time differs. Tokens that are drawn at random are never
/// guessed.
public enum Guessing {
  /// Where, by what was measured so far, it saves time: the default.
  WHEN_IT_PAYS,
  /// Wherever there is anything to guess.
  ALWAYS,
  NEVER
}
