package io.plm4j.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The row product as it is written in a book: the twin that the vector kernel is tested against,
/// and what runs where the Vector API module is absent.
final class PlainRowKernel implements RowKernel {
  @Override
  public RowProduct.Columns f32(float[][] x, MemorySegment w) {
    return (y, from, to) -> f32(x, w, y, from, to);
  }

  @Override
  public RowProduct.Columns bf16(float[][] x, MemorySegment w) {
    return (y, from, to) -> bf16(x, w, y, from, to);
  }

  private static void f32(float[][] x, MemorySegment w, float[][] y, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        long row = (long) n * x[m].length * Float.BYTES;
        float sum = 0;
        for (int k = 0; k < x[m].length; k++) {
          sum += x[m][k] * w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row + (long) k * Float.BYTES);
        }
        y[m][n] = sum;
      }
    }
  }

  private static void bf16(float[][] x, MemorySegment w, float[][] y, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        long row = (long) n * x[m].length * Short.BYTES;
        float sum = 0;
        for (int k = 0; k < x[m].length; k++) {
          short weight = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + (long) k * Short.BYTES);
          sum += x[m][k] * Bf16.toFloat(weight);
        }
        y[m][n] = sum;
      }
    }
  }
}
