package io.plm4j.convert;

/// How both layouts state the width inside the tower's feed-forward: as a factor of the tower's own
/// width, the product cut to an integer.
final class MlpRatio {
  private MlpRatio() {}

  /// The shortest factor of a width and at most nine decimals that gives `hidden`.
  static double of(int width, int hidden) {
    double exact = (double) hidden / width;
    for (double scale = 1; scale <= 1e9; scale *= 10) {
      double rounded = Math.ceil(exact * scale) / scale;
      if ((int) (width * rounded) == hidden) {
        return rounded;
      }
    }
    return (int) (width * exact) == hidden ? exact : Math.nextUp(exact);
  }
}
