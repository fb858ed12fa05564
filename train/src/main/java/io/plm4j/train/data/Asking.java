package io.plm4j.train.data;

/// What a question of a conversation sees of those before it.
public enum Asking {
  /// All of them, and their answers.
  IN_TURN,

  /// None: each is answered as if it were the only one about what the row shows, which is read once
  /// for all. For questions that do not lean on one another; where earlier answers can be seen,
  /// later ones are learnt from them instead of from the picture.
  ALONE
}
