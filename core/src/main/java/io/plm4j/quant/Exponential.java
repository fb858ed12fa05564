package io.plm4j.quant;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// 2 to the x for x ≤ 0, a vector at a time, to within 2 units in the last place.
///
/// x = n + r with |r| ≤ 1/2: a polynomial gives 2 to the r, and adding n to the exponent's bits
/// multiplies by 2 to the n. Inlined arithmetic is several times faster here than the call into the
/// JDK's vector library.
final class Exponential {
  /// Natural scores times this are scores to the base 2.
  static final double LOG2_E = 1 / Math.log(2);

  /// Adding and subtracting 1.5·2²³ rounds a float to the nearest integer, which also stands in the
  /// low bits.
  private static final float ROUND = 12_582_912f;

  /// 2 to the -126 is the smallest normal number. Everything below, -∞ included, gives it: as a
  /// weight beside one of 1 it is nothing.
  private static final float LOWEST = -126f;

  private Exponential() {}

  static FloatVector base2(FloatVector x) {
    // Not max(): Java's minds signed zeros and NaN, at several instructions.
    var clamped = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
    var shifted = clamped.add(ROUND);
    var r = clamped.sub(shifted.sub(ROUND));
    // Taylor's coefficients (ln 2)^k / k!: the remainder is below 2^-22.9 of the result.
    var p = FloatVector.broadcast(x.species(), 1.5403530e-4f);
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1.3333558e-3f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 9.6181291e-3f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 5.5504109e-2f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 2.4022651e-1f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 6.9314718e-1f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(x.species(), 1f));
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }
}
