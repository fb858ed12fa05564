package io.plm4j.quant;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// A few rows times a matrix in NF4 with the Vector API: a weight is looked up in a table in
/// registers, and sums are scaled. The loops are those of [VectorInt4].
final class VectorNf4Rows {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int PIECE = VectorInt4.PIECE;

  private VectorNf4Rows() {}

  static RowProduct.Columns product(Nibbles[] x, PackedKernel.Blocks w) {
    return (y, from, to) -> multiply(x, w, y, from, to);
  }

  private static void multiply(Nibbles[] x, PackedKernel.Blocks w, float[][] y, int from, int to) {
    var scales = new float[w.blocks()];
    for (int n = from; n < to; n++) {
      w.scales().read((long) n * w.blocks(), scales, scales.length);
      int m = 0;
      for (; m + 4 <= x.length; m += 4) {
        fourOfX(x, m, w, scales, n, y);
      }
      for (; m < x.length; m++) {
        y[m][n] = one(x[m], w, scales, n);
      }
    }
  }

  private static IntVector table(int from) {
    return FloatVector.fromArray(F, Nf4.VALUES, from).reinterpretAsInts();
  }

  private static FloatVector low(IntVector pairs, IntVector first, IntVector last) {
    return VectorNf4Kernel.select(pairs.and(15), first, last).reinterpretAsFloats();
  }

  private static FloatVector high(IntVector pairs, IntVector first, IntVector last) {
    return VectorNf4Kernel.select(pairs.lanewise(VectorOperators.LSHR, 4), first, last)
        .reinterpretAsFloats();
  }

  private static float one(Nibbles x, PackedKernel.Blocks w, float[] scale, int n) {
    var first = table(0);
    var last = table(16 - LANES);
    int shift = Integer.numberOfTrailingZeros(w.half() / PIECE);
    var codes = w.codes();
    float[] xLow = x.low();
    float[] xHigh = x.high();
    long row = n * w.stride();
    var total = FloatVector.zero(F);
    for (int i = 0, piece = 0; i < xLow.length; i += PIECE, piece++) {
      var pairs = Lanes.unsigned(codes, row + i);
      var part = low(pairs, first, last).mul(FloatVector.fromArray(F, xLow, i));
      part = high(pairs, first, last).fma(FloatVector.fromArray(F, xHigh, i), part);
      if (LANES < PIECE) {
        var more = Lanes.unsigned(codes, row + i + LANES);
        part = low(more, first, last).fma(FloatVector.fromArray(F, xLow, i + LANES), part);
        part = high(more, first, last).fma(FloatVector.fromArray(F, xHigh, i + LANES), part);
      }
      total = part.fma(FloatVector.broadcast(F, scale[piece >> shift]), total);
    }
    return Lanes.sum(total);
  }

  private static void fourOfX(
      Nibbles[] x, int m, PackedKernel.Blocks w, float[] scale, int n, float[][] y) {
    var first = table(0);
    var last = table(16 - LANES);
    int shift = Integer.numberOfTrailingZeros(w.half() / PIECE);
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
      var low = low(pairs, first, last);
      var part0 = low.mul(FloatVector.fromArray(F, low0, i));
      var part1 = low.mul(FloatVector.fromArray(F, low1, i));
      var part2 = low.mul(FloatVector.fromArray(F, low2, i));
      var part3 = low.mul(FloatVector.fromArray(F, low3, i));
      var high = high(pairs, first, last);
      part0 = high.fma(FloatVector.fromArray(F, high0, i), part0);
      part1 = high.fma(FloatVector.fromArray(F, high1, i), part1);
      part2 = high.fma(FloatVector.fromArray(F, high2, i), part2);
      part3 = high.fma(FloatVector.fromArray(F, high3, i), part3);
      if (LANES < PIECE) {
        int j = i + LANES;
        pairs = Lanes.unsigned(codes, row + j);
        low = low(pairs, first, last);
        part0 = low.fma(FloatVector.fromArray(F, low0, j), part0);
        part1 = low.fma(FloatVector.fromArray(F, low1, j), part1);
        part2 = low.fma(FloatVector.fromArray(F, low2, j), part2);
        part3 = low.fma(FloatVector.fromArray(F, low3, j), part3);
        high = high(pairs, first, last);
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
    y[m][n] = Lanes.sum(total0);
    y[m + 1][n] = Lanes.sum(total1);
    y[m + 2][n] = Lanes.sum(total2);
    y[m + 3][n] = Lanes.sum(total3);
  }
}
