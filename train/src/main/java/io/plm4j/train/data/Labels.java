package io.plm4j.train.data;

/// Which positions of a conversation are learnt.
public enum Labels {
  /// What the assistant says, each time with the token that closes it.
  ASSISTANT,

  /// All but the placeholders of pictures and videos, as the published model card trains: the
  /// questions and the system's words, too. Its text ends with the opening of one more answer,
  /// which is learnt as well.
  CARD,

  /// As Meta trained: what the assistant says with the header before it, the token that closes it,
  /// and at the end of the conversation the token that ends the text.
  PLM,

  /// Nothing that is said: only what lies at the positions of pictures (`seen`), which the tower
  /// and the projector learn. Such rows are not run through the decoder.
  SEEN
}
