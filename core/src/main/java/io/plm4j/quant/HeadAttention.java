package io.plm4j.quant;

import io.plm4j.tensor.AttentionMask;

/// Attention of many queries over one key head, in 32 bits, for one thread at a time.
///
/// Shapes: L queries, S keys, D head dimension.
interface HeadAttention {
  /// Takes in the keys and values of a head, [S, D], for the calls of [#attend] that follow.
  ///
  /// @param length S, at least 1
  void load(Rows k, Rows v, int length);

  /// Attends with a head's queries and writes the rows of the result.
  ///
  /// @param q [L, D]
  /// @param y [L, D]
  /// @param count L
  void attend(Strided q, Strided y, AttentionMask mask, int count);
}
