package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the products of a few rows have in common, however the weights are stored: x becomes
/// floats, the threads share the columns of y, and y is rounded once.
final class RowProduct {
  private static final int PIECES_A_THREAD = 8;
  private static final int LEAST_PIECE = 128;

  /// Rows of weights that kernels look at side by side.
  private static final int ROWS_AT_ONCE = 4;

  private RowProduct() {}

  /// A product that is ready to compute columns `from` to `to - 1` of y, in several threads at
  /// once.
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
    int piece = piece(n, workers.parts());
    var next = new AtomicInteger();
    workers.run((_, _) -> {
      for (int from = next.getAndAdd(piece); from < n; from = next.getAndAdd(piece)) {
        columns.run(y, from, Math.min(n, from + piece));
      }
    });
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

  /// Columns that a thread takes at a time: so many that taking costs nothing, so few that threads
  /// end together though one was woken later than the others.
  private static int piece(int n, int threads) {
    int share = n / (threads * PIECES_A_THREAD);
    return Math.max(LEAST_PIECE, share / ROWS_AT_ONCE * ROWS_AT_ONCE);
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
