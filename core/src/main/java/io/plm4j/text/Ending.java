package io.plm4j.text;

/// What a conversation's text ends with.
public enum Ending {
  /// The last message; for training.
  LAST_MESSAGE,

  /// The opening of an answer, so that the model goes on with it.
  OPEN_ANSWER
}
