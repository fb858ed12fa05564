package io.plm4j.quant;

/// Rows of numbers that are read as floats, in whatever form they are kept.
sealed interface Rows permits Strided, Int8Strided {
  /// Numbers a row.
  int columns();

  /// Copies a row as floats.
  ///
  /// @param at where in `out` it goes
  void row(int index, float[] out, int at);
}
