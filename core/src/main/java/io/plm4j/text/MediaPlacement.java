package io.plm4j.text;

/// Where a message's pictures and videos are shown.
public enum MediaPlacement {
  /// Where the chat template wants them; PLM's has them in front of the message's words.
  TEMPLATE,

  /// Between the words, where they stand in the message: what the model was taught of several
  /// pictures that a text refers to one by one.
  IN_PLACE
}
