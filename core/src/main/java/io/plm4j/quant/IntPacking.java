package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/// Matrices to int8 and int4, in rows that the threads share. Every weight becomes the nearest
/// code.
final class IntPacking {
  private static final long NONE = -1;

  private final Workers workers;

  IntPacking(Workers workers) {
    this.workers = workers;
  }

  /// Packs a row.
  @FunctionalInterface
  private interface Row {
    /// @return whether all numbers are finite
    boolean pack(int row, float[] values);
  }

  private void share(Tensor weights, int padded, Row row) {
    int rows = (int) weights.size(0);
    int columns = (int) weights.size(1);
    var in = weights.memory();
    var type = weights.dtype();
    var bad = new AtomicLong(NONE);
    workers.run((part, parts) -> {
      var values = new float[padded];
      for (int n = RowProduct.cut(rows, part, parts);
          n < RowProduct.cut(rows, part + 1, parts);
          n++) {
        Nf4Transform.read(in, type, (long) n * columns, values, columns);
        if (!row.pack(n, values)) {
          bad.set(n);
        }
      }
    });
    if (bad.get() != NONE) {
      throw new ArithmeticException("row %d has a number that is not finite".formatted(bad.get()));
    }
  }

  Int8Matrix int8(Tensor weights) {
    int columns = (int) weights.size(1);
    var codes = Tensor.uninitialized(DType.I8, weights.shape());
    var scales = Tensor.uninitialized(DType.F32, weights.size(0));
    var codesOut = codes.memory();
    var scalesOut = scales.memory();
    share(
        weights,
        columns,
        (n, values) -> {
          float scale = largest(values, 0, columns) / Int8Matrix.LARGEST;
          float inverse = scale == 0 ? 0 : 1 / scale;
          scalesOut.setAtIndex(ValueLayout.JAVA_FLOAT, n, scale);
          for (int k = 0; k < columns; k++) {
            int code = Math.clamp(nearest(values[k] * inverse), -127, 127);
            codesOut.set(ValueLayout.JAVA_BYTE, (long) n * columns + k, (byte) code);
          }
          return Float.isFinite(scale);
        });
    return new Int8Matrix(weights.size(0), columns, codes, scales);
  }

  Int4Matrix int4(Tensor weights, QuantFormat.Int4 format) {
    int group = format.group();
    var codes = Int4Codes.allocate(weights.size(0), weights.size(1), format);
    int groups = (int) Int4Matrix.groups(weights.size(1), group);
    share(
        weights,
        groups * group,
        (n, values) -> {
          boolean finite = true;
          var chosen = new int[group];
          for (int g = 0; g < groups; g++) {
            var grid = Int4Grid.of(values, g * group, group, format.zero());
            finite &= Float.isFinite(grid.scale());
            for (int i = 0; i < group; i++) {
              chosen[i] = grid.code(values[g * group + i]);
            }
            codes.put(n, g, grid, chosen);
          }
          return finite;
        });
    return codes.matrix();
  }

  private static float largest(float[] values, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  private static int nearest(float x) {
    return (int) Math.rint(x);
  }
}
