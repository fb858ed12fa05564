package io.plm4j.vision;

/// Says in the last numbers of a vector in which column and row of a square grid it lies: by sines
/// and cosines of both, from half a wave over the grid on, each wave half as long as the one
/// before, so that equal columns or rows have the largest inner product. What "Attention Is All You
/// Need" (Vaswani et al., 2017), 3.5, has for a sequence, for two dimensions.
///
/// @param side columns, and rows
/// @param width numbers of a vector
/// @param amplitude of a sine
public record GridWaves(int side, int width, double amplitude) {
  /// The shortest wave of five is two and a half columns long where there are twenty.
  private static final int WAVES = 5;

  /// As many as take at most a quarter of the vector.
  public int waves() {
    return Math.min(WAVES, width / 16);
  }

  /// How many numbers of a vector they take: the last ones.
  public int count() {
    return 4 * waves();
  }

  /// Adds what tells of a place to the vector that begins at the given index.
  ///
  /// @param place counted row by row
  public void addTo(float[] vectors, int from, int place) {
    int at = from + width - count();
    for (int wave = 0; wave < waves(); wave++) {
      double turn = Math.PI * (1 << wave) / side;
      at = addTo(vectors, at, turn * (place % side));
      at = addTo(vectors, at, turn * (place / side));
    }
  }

  private int addTo(float[] vectors, int at, double angle) {
    vectors[at] += (float) (amplitude * Math.sin(angle));
    vectors[at + 1] += (float) (amplitude * Math.cos(angle));
    return at + 2;
  }
}
