package io.plm4j.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The row product as it is written in a book: the twin that the vector kernel is tested against,
/// and what runs where the Vector API module is absent.
final class PlainRowKernel implements RowKernel {
  @Override
  public void f32(float[] x, MemorySegment w, float[] y, int from, int to) {
    for (int n = from; n < to; n++) {
      long row = (long) n * x.length * Float.BYTES;
      float sum = 0;
      for (int k = 0; k < x.length; k++) {
        sum += x[k] * w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row + (long) k * Float.BYTES);
      }
      y[n] = sum;
    }
  }

  @Override
  public void bf16(float[] x, MemorySegment w, float[] y, int from, int to) {
    for (int n = from; n < to; n++) {
      long row = (long) n * x.length * Short.BYTES;
      float sum = 0;
      for (int k = 0; k < x.length; k++) {
        sum +=
            x[k]
                * Bf16.toFloat(
                    w.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + (long) k * Short.BYTES));
      }
      y[n] = sum;
    }
  }
}
