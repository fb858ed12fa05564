package io.plm4j.quant;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// e to the x for x ≤ 0, a vector at a time, to within 2 units in the last place; exact zeros below
/// -87.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2: a polynomial gives e to the r, and adding n to the
/// exponent's bits multiplies by 2 to the n. Inlined arithmetic is several times faster here than
/// the call into the JDK's vector library.
final class Exponential {
  private static final float LOG2_E = 1.442695041f;

  /// ln 2 in two parts, the first with few enough bits that its product with n is exact (Cody and
  /// Waite).
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  /// Adding and subtracting 1.5·2²³ rounds a float to the nearest integer, which also stands in the
  /// low bits.
  private static final float ROUND = 12_582_912f;

  /// Below this, e to the x is less than the smallest normal number.
  private static final float LOWEST = -87f;

  private Exponential() {}

  static FloatVector of(FloatVector x) {
    var small = x.compare(VectorOperators.LT, LOWEST);
    var clamped = x.max(LOWEST);
    var shifted = clamped.lanewise(VectorOperators.FMA, LOG2_E, ROUND);
    var n = shifted.sub(ROUND);
    var r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(x.species(), -LN2_HIGH), clamped);
    r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(x.species(), -LN2_LOW), r);
    // Taylor's coefficients 1/k!: the remainder r^8/8! is below 2^-27 of the result.
    var p = FloatVector.broadcast(x.species(), 1.9841270e-4f);
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1.3888889e-3f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 8.3333333e-3f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 4.1666667e-2f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1.6666667e-1f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 0.5f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1f));
    var scaled =
        p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
    return scaled.reinterpretAsFloats().blend(0f, small);
  }
}
