package io.plm4j.model;

import java.nio.FloatBuffer;

/// Where the tower's input comes from: normalised tiles or frames that are written out when their
/// turn comes, so that a picture of 37 tiles never exists as floats at once.
public interface Pixels {
  /// Number of tiles, or frames.
  int count();

  /// Writes tiles `from` to `to - 1` as [to - from, 3, S, S].
  void write(int from, int to, FloatBuffer out);
}
