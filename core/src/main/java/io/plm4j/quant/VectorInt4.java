package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Four-bit weights with the Vector API. The code of a group's zero is not taken off every weight:
/// what all of x in the group gets too much for it is taken off the row's sum at the end.
///
/// Loops go over pieces of 16 bytes, of which a group has one or more: one load or two, without a
/// loop inside the loop. One row of x meets two rows of weights at a time; four rows of x meet one,
/// so that its codes become floats once for all of them. Either way a product is the same sum.
final class VectorInt4 {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /// Bytes of a piece.
  static final int PIECE = 16;

  private VectorInt4() {}

  static RowProduct.Columns product(Nibbles[] x, PackedKernel.Groups w) {
    var sums = new float[x.length][];
    for (int m = 0; m < x.length; m++) {
      sums[m] = sums(x[m], w);
    }
    return (y, from, to) -> multiply(x, sums, w, y, from, to);
  }

  private static void multiply(
      Nibbles[] x, float[][] sums, PackedKernel.Groups w, float[][] y, int from, int to) {
    var first = new Scales(w);
    var second = new Scales(w);
    int n = from;
    for (; n + 2 <= to; n += 2) {
      first.read(w, n);
      second.read(w, n + 1);
      int m = 0;
      for (; m + 4 <= x.length; m += 4) {
        fourOfX(x, sums, m, w, first, n, y);
        fourOfX(x, sums, m, w, second, n + 1, y);
      }
      for (; m < x.length; m++) {
        twoOfW(x[m], sums[m], w, first, second, n, y[m]);
      }
    }
    for (; n < to; n++) {
      first.read(w, n);
      for (int m = 0; m < x.length; m++) {
        y[m][n] = one(x[m], sums[m], w, first, n);
      }
    }
  }

  /// The sum of x in each group, filled up with zeros to whole registers.
  private static float[] sums(Nibbles x, PackedKernel.Groups w) {
    var sums = new float[filled(w.groups())];
    for (int g = 0; g < w.groups(); g++) {
      var sum = FloatVector.zero(F);
      for (int i = g * w.half(); i < (g + 1) * w.half(); i += LANES) {
        sum = sum.add(FloatVector.fromArray(F, x.low(), i));
        sum = sum.add(FloatVector.fromArray(F, x.high(), i));
      }
      sums[g] = Lanes.sum(sum);
    }
    return sums;
  }

  private static int filled(int groups) {
    return (groups + LANES - 1) / LANES * LANES;
  }

  /// The scales of a row's groups, and what each group's zero is worth.
  private static final class Scales {
    final float[] scales;
    final float[] zeros;

    /// Log2 of the pieces of a group.
    final int shift;

    Scales(PackedKernel.Groups w) {
      scales = new float[filled(w.groups())];
      zeros = new float[scales.length];
      shift = Integer.numberOfTrailingZeros(w.half() / PIECE);
    }

    void read(PackedKernel.Groups w, int n) {
      long first = (long) n * w.groups();
      int g = 0;
      if (!w.hasZeros()) {
        for (; g + LANES <= w.groups(); g += LANES) {
          var scale = Lanes.widen(w.scales(), (first + g) * Short.BYTES);
          scale.intoArray(scales, g);
          scale.mul(Int4Matrix.MIDDLE).intoArray(zeros, g);
        }
      }
      for (; g < w.groups(); g++) {
        scales[g] = w.scale(first + g);
        zeros[g] = scales[g] * w.zero(first + g);
      }
    }

    /// What a row's sum has too much.
    float excess(float[] sums) {
      var excess = FloatVector.zero(F);
      for (int g = 0; g < zeros.length; g += LANES) {
        excess = FloatVector.fromArray(F, zeros, g).fma(FloatVector.fromArray(F, sums, g), excess);
      }
      return Lanes.sum(excess);
    }
  }

  private static FloatVector low(IntVector pairs) {
    return Lanes.floats(pairs.and(15));
  }

  private static FloatVector high(IntVector pairs) {
    return Lanes.floats(pairs.lanewise(VectorOperators.LSHR, 4));
  }

  private static float one(Nibbles x, float[] sums, PackedKernel.Groups w, Scales scales, int n) {
    float[] scale = scales.scales;
    int shift = scales.shift;
    var codes = w.codes();
    float[] xLow = x.low();
    float[] xHigh = x.high();
    long row = n * w.stride();
    var total = FloatVector.zero(F);
    for (int i = 0, piece = 0; i < xLow.length; i += PIECE, piece++) {
      var pairs = Lanes.unsigned(codes, row + i);
      var part = low(pairs).mul(FloatVector.fromArray(F, xLow, i));
      part = high(pairs).fma(FloatVector.fromArray(F, xHigh, i), part);
      if (LANES < PIECE) {
        var more = Lanes.unsigned(codes, row + i + LANES);
        part = low(more).fma(FloatVector.fromArray(F, xLow, i + LANES), part);
        part = high(more).fma(FloatVector.fromArray(F, xHigh, i + LANES), part);
      }
      total = part.fma(FloatVector.broadcast(F, scale[piece >> shift]), total);
    }
    return Lanes.sum(total) - scales.excess(sums);
  }

  private static void twoOfW(
      Nibbles x,
      float[] sums,
      PackedKernel.Groups w,
      Scales scales0,
      Scales scales1,
      int n,
      float[] y) {
    float[] scale0 = scales0.scales;
    float[] scale1 = scales1.scales;
    int shift = scales0.shift;
    var codes = w.codes();
    float[] xLow = x.low();
    float[] xHigh = x.high();
    long row0 = n * w.stride();
    long row1 = row0 + w.stride();
    var total0 = FloatVector.zero(F);
    var total1 = FloatVector.zero(F);
    for (int i = 0, piece = 0; i < xLow.length; i += PIECE, piece++) {
      var xl = FloatVector.fromArray(F, xLow, i);
      var xh = FloatVector.fromArray(F, xHigh, i);
      var pairs0 = Lanes.unsigned(codes, row0 + i);
      var pairs1 = Lanes.unsigned(codes, row1 + i);
      var part0 = high(pairs0).fma(xh, low(pairs0).mul(xl));
      var part1 = high(pairs1).fma(xh, low(pairs1).mul(xl));
      if (LANES < PIECE) {
        xl = FloatVector.fromArray(F, xLow, i + LANES);
        xh = FloatVector.fromArray(F, xHigh, i + LANES);
        pairs0 = Lanes.unsigned(codes, row0 + i + LANES);
        pairs1 = Lanes.unsigned(codes, row1 + i + LANES);
        part0 = high(pairs0).fma(xh, low(pairs0).fma(xl, part0));
        part1 = high(pairs1).fma(xh, low(pairs1).fma(xl, part1));
      }
      total0 = part0.fma(FloatVector.broadcast(F, scale0[piece >> shift]), total0);
      total1 = part1.fma(FloatVector.broadcast(F, scale1[piece >> shift]), total1);
    }
    y[n] = Lanes.sum(total0) - scales0.excess(sums);
    y[n + 1] = Lanes.sum(total1) - scales1.excess(sums);
  }

  private static void fourOfX(
      Nibbles[] x,
      float[][] sums,
      int m,
      PackedKernel.Groups w,
      Scales scales,
      int n,
      float[][] y) {
    float[] scale = scales.scales;
    int shift = scales.shift;
    var codes = w.codes();
    long row = n * w.stride();
    float[] low0 = x[m].low();
    float[] high0 = x[m].high();
    float[] low1 = x[m + 1].low();
    float[] high1 = x[m + 1].high();
    float[] low2 = x[m + 2].low();
    float[] high2 = x[m + 2].high();
    float[] low3 = x[m + 3].low();
    float[] high3 = x[m + 3].high();
    var total0 = FloatVector.zero(F);
    var total1 = FloatVector.zero(F);
    var total2 = FloatVector.zero(F);
    var total3 = FloatVector.zero(F);
    for (int i = 0, piece = 0; i < low0.length; i += PIECE, piece++) {
      var pairs = Lanes.unsigned(codes, row + i);
      var low = low(pairs);
      var part0 = low.mul(FloatVector.fromArray(F, low0, i));
      var part1 = low.mul(FloatVector.fromArray(F, low1, i));
      var part2 = low.mul(FloatVector.fromArray(F, low2, i));
      var part3 = low.mul(FloatVector.fromArray(F, low3, i));
      var high = high(pairs);
      part0 = high.fma(FloatVector.fromArray(F, high0, i), part0);
      part1 = high.fma(FloatVector.fromArray(F, high1, i), part1);
      part2 = high.fma(FloatVector.fromArray(F, high2, i), part2);
      part3 = high.fma(FloatVector.fromArray(F, high3, i), part3);
      if (LANES < PIECE) {
        int j = i + LANES;
        pairs = Lanes.unsigned(codes, row + j);
        low = low(pairs);
        part0 = low.fma(FloatVector.fromArray(F, low0, j), part0);
        part1 = low.fma(FloatVector.fromArray(F, low1, j), part1);
        part2 = low.fma(FloatVector.fromArray(F, low2, j), part2);
        part3 = low.fma(FloatVector.fromArray(F, low3, j), part3);
        high = high(pairs);
        part0 = high.fma(FloatVector.fromArray(F, high0, j), part0);
        part1 = high.fma(FloatVector.fromArray(F, high1, j), part1);
        part2 = high.fma(FloatVector.fromArray(F, high2, j), part2);
        part3 = high.fma(FloatVector.fromArray(F, high3, j), part3);
      }
      var s = FloatVector.broadcast(F, scale[piece >> shift]);
      total0 = part0.fma(s, total0);
      total1 = part1.fma(s, total1);
      total2 = part2.fma(s, total2);
      total3 = part3.fma(s, total3);
    }
    y[m][n] = Lanes.sum(total0) - scales.excess(sums[m]);
    y[m + 1][n] = Lanes.sum(total1) - scales.excess(sums[m + 1]);
    y[m + 2][n] = Lanes.sum(total2) - scales.excess(sums[m + 2]);
    y[m + 3][n] = Lanes.sum(total3) - scales.excess(sums[m + 3]);
  }

  static void dense(PackedKernel.Groups w, int from, int to, DType type, MemorySegment out) {
    int half = w.half();
    int whole = w.columns() / (2 * half);
    for (int n = from; n < to; n++) {
      long row = n * w.stride();
      long target = (long) (n - from) * w.columns();
      long group = (long) n * w.groups();
      for (int g = 0; g < whole; g++, group++) {
        float scale = w.scale(group);
        int zero = w.zero(group);
        long first = target + 2L * g * half;
        for (int i = 0; i < half; i += LANES) {
          var pairs = Lanes.unsigned(w.codes(), row + (long) g * half + i);
          var low = Lanes.floats(pairs.and(15).sub(zero)).mul(scale);
          var high = Lanes.floats(pairs.lanewise(VectorOperators.LSHR, 4).sub(zero)).mul(scale);
          Lanes.store(low, type, out, first + i);
          Lanes.store(high, type, out, first + half + i);
        }
      }
      for (int k = 2 * whole * half; k < w.columns(); k++) {
        PlainPackedKernel.put(out, type, target + k, PlainPackedKernel.weight(w, n, k));
      }
    }
  }
}
