package io.plm4j.quant;

/// How far weights in few bits are from what they were.
///
/// @param squares sum of the squares of all differences
/// @param weights sum of the squares of the weights
/// @param worst the largest difference, without its sign
public record QuantError(double squares, double weights, double worst) {
  public static final QuantError NONE = new QuantError(0, 0, 0);

  /// Of two sets of weights together.
  public QuantError plus(QuantError other) {
    return new QuantError(
        squares + other.squares, weights + other.weights, Math.max(worst, other.worst));
  }

  /// The length of the difference, as a part of the length of the weights (both as Frobenius).
  public double relative() {
    return weights == 0 ? 0 : Math.sqrt(squares / weights);
  }
}
