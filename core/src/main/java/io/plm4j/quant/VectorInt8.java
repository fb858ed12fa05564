package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Eight-bit weights with the Vector API: a register of bytes becomes one of floats in two
/// instructions. One row of x meets four rows of weights at a time; four rows of x meet one, so
/// that its bytes become floats once for all of them. Either way a product is the same sum.
final class VectorInt8 {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  private VectorInt8() {}

  static RowProduct.Columns product(float[][] x, PackedKernel.Bytes w) {
    return (y, from, to) -> multiply(x, w, y, from, to);
  }

  private static void multiply(float[][] x, PackedKernel.Bytes w, float[][] y, int from, int to) {
    int n = from;
    for (; n + 4 <= to; n += 4) {
      int m = 0;
      for (; m + 4 <= x.length; m += 4) {
        for (int i = 0; i < 4; i++) {
          fourOfX(x, m, w, n + i, y);
        }
      }
      for (; m < x.length; m++) {
        fourOfW(x[m], w, n, y[m]);
      }
    }
    for (; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        one(x[m], w, n, y[m]);
      }
    }
  }

  private static void one(float[] x, PackedKernel.Bytes w, int n, float[] y) {
    long row = (long) n * w.columns();
    int whole = w.columns() / LANES * LANES;
    var sum = FloatVector.zero(F);
    for (int i = 0; i < whole; i += LANES) {
      sum = Lanes.signed(w.codes(), row + i).fma(FloatVector.fromArray(F, x, i), sum);
    }
    y[n] = finish(sum, x, w, n, whole);
  }

  private static void fourOfW(float[] x, PackedKernel.Bytes w, int n, float[] y) {
    var codes = w.codes();
    long stride = w.columns();
    long row = n * stride;
    int whole = w.columns() / LANES * LANES;
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    var sum2 = FloatVector.zero(F);
    var sum3 = FloatVector.zero(F);
    for (int i = 0; i < whole; i += LANES) {
      var xi = FloatVector.fromArray(F, x, i);
      long at = row + i;
      sum0 = Lanes.signed(codes, at).fma(xi, sum0);
      sum1 = Lanes.signed(codes, at + stride).fma(xi, sum1);
      sum2 = Lanes.signed(codes, at + 2 * stride).fma(xi, sum2);
      sum3 = Lanes.signed(codes, at + 3 * stride).fma(xi, sum3);
    }
    y[n] = finish(sum0, x, w, n, whole);
    y[n + 1] = finish(sum1, x, w, n + 1, whole);
    y[n + 2] = finish(sum2, x, w, n + 2, whole);
    y[n + 3] = finish(sum3, x, w, n + 3, whole);
  }

  private static void fourOfX(float[][] x, int m, PackedKernel.Bytes w, int n, float[][] y) {
    var codes = w.codes();
    long row = (long) n * w.columns();
    int whole = w.columns() / LANES * LANES;
    float[] x0 = x[m];
    float[] x1 = x[m + 1];
    float[] x2 = x[m + 2];
    float[] x3 = x[m + 3];
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    var sum2 = FloatVector.zero(F);
    var sum3 = FloatVector.zero(F);
    for (int i = 0; i < whole; i += LANES) {
      var weights = Lanes.signed(codes, row + i);
      sum0 = weights.fma(FloatVector.fromArray(F, x0, i), sum0);
      sum1 = weights.fma(FloatVector.fromArray(F, x1, i), sum1);
      sum2 = weights.fma(FloatVector.fromArray(F, x2, i), sum2);
      sum3 = weights.fma(FloatVector.fromArray(F, x3, i), sum3);
    }
    y[m][n] = finish(sum0, x0, w, n, whole);
    y[m + 1][n] = finish(sum1, x1, w, n, whole);
    y[m + 2][n] = finish(sum2, x2, w, n, whole);
    y[m + 3][n] = finish(sum3, x3, w, n, whole);
  }

  private static float finish(
      FloatVector lanes, float[] x, PackedKernel.Bytes w, int n, int whole) {
    float sum = Lanes.sum(lanes);
    long row = (long) n * w.columns();
    for (int i = whole; i < w.columns(); i++) {
      sum += x[i] * w.codes().get(ValueLayout.JAVA_BYTE, row + i);
    }
    return sum * w.scales().getAtIndex(ValueLayout.JAVA_FLOAT, n);
  }

  static void dense(PackedKernel.Bytes w, int from, int to, DType type, MemorySegment out) {
    int whole = w.columns() / LANES * LANES;
    for (int n = from; n < to; n++) {
      long row = (long) n * w.columns();
      long target = (long) (n - from) * w.columns();
      float scale = w.scales().getAtIndex(ValueLayout.JAVA_FLOAT, n);
      for (int i = 0; i < whole; i += LANES) {
        Lanes.store(Lanes.signed(w.codes(), row + i).mul(scale), type, out, target + i);
      }
      for (int i = whole; i < w.columns(); i++) {
        float value = w.codes().get(ValueLayout.JAVA_BYTE, row + i) * scale;
        PlainPackedKernel.put(out, type, target + i, value);
      }
    }
  }
}
