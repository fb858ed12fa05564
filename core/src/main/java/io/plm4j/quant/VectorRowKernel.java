package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The row product with the Vector API, four rows of weights at a time so that each load of x
/// serves four products. Several rows of x take turns at the same four rows of weights, which the
/// first-level cache holds after the first turn: memory is read once for all of them.
///
/// A vector of 32-bit integers holds pairs of bf16 weights: the lower half of each becomes a float
/// by a shift, the upper half by a mask. So the even elements of x meet one accumulator and the odd
/// ones another, and x is split into evens and odds once, before the rows.
final class VectorRowKernel implements RowKernel {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  @Override
  public RowProduct.Columns f32(float[][] x, MemorySegment w) {
    return (y, from, to) -> f32(x, w, y, from, to);
  }

  private static void f32(float[][] x, MemorySegment w, float[][] y, int from, int to) {
    int n = from;
    for (; n + 4 <= to; n += 4) {
      for (int m = 0; m < x.length; m++) {
        f32Rows(x[m], w, y[m], n, x[m].length);
      }
    }
    for (; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        y[m][n] = f32Row(x[m], w, n);
      }
    }
  }

  private static float f32Row(float[] x, MemorySegment w, int n) {
    var acc = FloatVector.zero(F);
    long row = (long) n * x.length * Float.BYTES;
    int i = 0;
    for (; i + LANES <= x.length; i += LANES) {
      acc =
          FloatVector.fromMemorySegment(F, w, row + (long) i * Float.BYTES, LITTLE_ENDIAN)
              .fma(FloatVector.fromArray(F, x, i), acc);
    }
    return Lanes.sum(acc) + f32Tail(x, w, row, i);
  }

  private static void f32Rows(float[] x, MemorySegment w, float[] y, int n, int k) {
    long stride = (long) k * Float.BYTES;
    long row = n * stride;
    var acc0 = FloatVector.zero(F);
    var acc1 = FloatVector.zero(F);
    var acc2 = FloatVector.zero(F);
    var acc3 = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= k; i += LANES) {
      var xi = FloatVector.fromArray(F, x, i);
      long at = row + (long) i * Float.BYTES;
      acc0 = FloatVector.fromMemorySegment(F, w, at, LITTLE_ENDIAN).fma(xi, acc0);
      acc1 = FloatVector.fromMemorySegment(F, w, at + stride, LITTLE_ENDIAN).fma(xi, acc1);
      acc2 = FloatVector.fromMemorySegment(F, w, at + 2 * stride, LITTLE_ENDIAN).fma(xi, acc2);
      acc3 = FloatVector.fromMemorySegment(F, w, at + 3 * stride, LITTLE_ENDIAN).fma(xi, acc3);
    }
    y[n] = Lanes.sum(acc0) + f32Tail(x, w, row, i);
    y[n + 1] = Lanes.sum(acc1) + f32Tail(x, w, row + stride, i);
    y[n + 2] = Lanes.sum(acc2) + f32Tail(x, w, row + 2 * stride, i);
    y[n + 3] = Lanes.sum(acc3) + f32Tail(x, w, row + 3 * stride, i);
  }

  private static float f32Tail(float[] x, MemorySegment w, long row, int from) {
    float sum = 0;
    for (int i = from; i < x.length; i++) {
      sum += x[i] * w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row + (long) i * Float.BYTES);
    }
    return sum;
  }

  @Override
  public RowProduct.Columns bf16(float[][] x, MemorySegment w) {
    int half = x[0].length / 2;
    var even = new float[x.length][half];
    var odd = new float[x.length][half];
    for (int m = 0; m < x.length; m++) {
      for (int i = 0; i < half; i++) {
        even[m][i] = x[m][2 * i];
        odd[m][i] = x[m][2 * i + 1];
      }
    }
    return (y, from, to) -> bf16(x, even, odd, w, y, from, to);
  }

  private static void bf16(
      float[][] x, float[][] even, float[][] odd, MemorySegment w, float[][] y, int from, int to) {
    int n = from;
    for (; n + 4 <= to; n += 4) {
      for (int m = 0; m < x.length; m++) {
        bf16Rows(x[m], even[m], odd[m], w, y[m], n);
      }
    }
    for (; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        y[m][n] = bf16Row(x[m], even[m], odd[m], w, n);
      }
    }
  }

  private static void bf16Rows(
      float[] x, float[] even, float[] odd, MemorySegment w, float[] y, int n) {
    long stride = (long) x.length * Short.BYTES;
    long row = n * stride;
    var even0 = FloatVector.zero(F);
    var even1 = FloatVector.zero(F);
    var even2 = FloatVector.zero(F);
    var even3 = FloatVector.zero(F);
    var odd0 = FloatVector.zero(F);
    var odd1 = FloatVector.zero(F);
    var odd2 = FloatVector.zero(F);
    var odd3 = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= even.length; i += LANES) {
      var xe = FloatVector.fromArray(F, even, i);
      var xo = FloatVector.fromArray(F, odd, i);
      long at = row + (long) i * Integer.BYTES;
      var w0 = IntVector.fromMemorySegment(I, w, at, LITTLE_ENDIAN);
      var w1 = IntVector.fromMemorySegment(I, w, at + stride, LITTLE_ENDIAN);
      var w2 = IntVector.fromMemorySegment(I, w, at + 2 * stride, LITTLE_ENDIAN);
      var w3 = IntVector.fromMemorySegment(I, w, at + 3 * stride, LITTLE_ENDIAN);
      even0 = lower(w0).fma(xe, even0);
      even1 = lower(w1).fma(xe, even1);
      even2 = lower(w2).fma(xe, even2);
      even3 = lower(w3).fma(xe, even3);
      odd0 = upper(w0).fma(xo, odd0);
      odd1 = upper(w1).fma(xo, odd1);
      odd2 = upper(w2).fma(xo, odd2);
      odd3 = upper(w3).fma(xo, odd3);
    }
    y[n] = Lanes.sum(even0.add(odd0)) + bf16Tail(x, w, row, 2 * i);
    y[n + 1] = Lanes.sum(even1.add(odd1)) + bf16Tail(x, w, row + stride, 2 * i);
    y[n + 2] = Lanes.sum(even2.add(odd2)) + bf16Tail(x, w, row + 2 * stride, 2 * i);
    y[n + 3] = Lanes.sum(even3.add(odd3)) + bf16Tail(x, w, row + 3 * stride, 2 * i);
  }

  private static float bf16Row(float[] x, float[] even, float[] odd, MemorySegment w, int n) {
    long row = (long) n * x.length * Short.BYTES;
    var evenSum = FloatVector.zero(F);
    var oddSum = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= even.length; i += LANES) {
      var pairs = IntVector.fromMemorySegment(I, w, row + (long) i * Integer.BYTES, LITTLE_ENDIAN);
      evenSum = lower(pairs).fma(FloatVector.fromArray(F, even, i), evenSum);
      oddSum = upper(pairs).fma(FloatVector.fromArray(F, odd, i), oddSum);
    }
    return Lanes.sum(evenSum.add(oddSum)) + bf16Tail(x, w, row, 2 * i);
  }

  private static FloatVector lower(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector upper(IntVector pairs) {
    return pairs.and(0xffff0000).reinterpretAsFloats();
  }

  private static float bf16Tail(float[] x, MemorySegment w, long row, int from) {
    float sum = 0;
    for (int i = from; i < x.length; i++) {
      sum +=
          x[i]
              * Bf16.toFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + (long) i * Short.BYTES));
    }
    return sum;
  }
}
