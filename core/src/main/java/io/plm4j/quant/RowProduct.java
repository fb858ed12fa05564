package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the products of a few rows have in common, however the weights are stored: x becomes
/// floats, the threads share the columns of y, and y is rounded once.
final class RowProduct {
  private RowProduct() {}

  /// Computes columns `from` to `to - 1` of y.
  @FunctionalInterface
  interface Columns {
    void run(float[][] y, int from, int to);
  }

  /// The rows of x, in 32 bits.
  static float[][] rows(Tensor x) {
    float[] all = x.toFloats();
    int length = (int) x.size(-1);
    if (all.length == length) {
      return new float[][] {all};
    }
    var rows = new float[all.length / length][];
    for (int m = 0; m < rows.length; m++) {
      rows[m] = Arrays.copyOfRange(all, m * length, (m + 1) * length);
    }
    return rows;
  }

  /// Shapes: x [..., K] with M rows, bias [n], result [..., n] in the type of x.
  static Tensor of(Tensor x, int n, @Nullable Tensor bias, Workers workers, Columns columns) {
    long[] shape = x.shape();
    int rows = (int) (x.elements() / shape[shape.length - 1]);
    var y = new float[rows][n];
    workers.run((part, parts) -> columns.run(y, cut(n, part, parts), cut(n, part + 1, parts)));
    if (bias != null) {
      float[] b = bias.toFloats();
      for (float[] row : y) {
        for (int i = 0; i < n; i++) {
          row[i] += b[i];
        }
      }
    }
    shape[shape.length - 1] = n;
    var result = Tensor.uninitialized(x.dtype(), shape);
    for (int m = 0; m < rows; m++) {
      store(y[m], result, (long) m * n);
    }
    return result;
  }

  static int cut(int n, int part, int parts) {
    return (int) ((long) n * part / parts);
  }

  /// @param at index of the target's first number to write
  static void store(float[] values, Tensor target, long at) {
    var memory = target.memory();
    if (target.dtype() == DType.F32) {
      MemorySegment.copy(
          values, 0, memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, values.length);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      memory.setAtIndex(ValueLayout.JAVA_SHORT, at + i, Bf16.fromFloat(values[i]));
    }
  }
}
