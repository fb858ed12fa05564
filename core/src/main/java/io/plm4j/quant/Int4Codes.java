package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A matrix in int4 while its codes are chosen, group by group, by several threads.
///
/// @param codes as those of [Int4Matrix], like the others
record Int4Codes(
    long rows,
    long columns,
    QuantFormat.Int4 format,
    Tensor codes,
    Tensor scales,
    Optional<Tensor> zeros) {
  static Int4Codes allocate(long rows, long columns, QuantFormat.Int4 format) {
    long groups = Int4Matrix.groups(columns, format.group());
    return new Int4Codes(
        rows,
        columns,
        format,
        Tensor.uninitialized(DType.U8, rows, groups * format.group() / 2),
        Tensor.uninitialized(DType.BF16, rows, groups),
        format.zero() == QuantFormat.Zero.OF_GROUP
            ? Optional.of(Tensor.uninitialized(DType.U8, rows, groups))
            : Optional.empty());
  }

  /// Weights that share a scale.
  int group() {
    return format.group();
  }

  /// Notes a group.
  ///
  /// @param index of the group in its row
  /// @param chosen a code for each of its weights
  void put(int row, int index, Int4Grid grid, int[] chosen) {
    long at = row * Int4Matrix.groups(columns, group()) + index;
    scales.memory().setAtIndex(ValueLayout.JAVA_SHORT, at, Bf16.fromFloat(grid.scale()));
    zeros.ifPresent(all -> all.memory().set(ValueLayout.JAVA_BYTE, at, (byte) grid.zero()));
    int half = group() / 2;
    var out = codes.memory();
    for (int i = 0; i < half; i++) {
      out.set(ValueLayout.JAVA_BYTE, at * half + i, (byte) (chosen[half + i] << 4 | chosen[i]));
    }
  }

  Int4Matrix matrix() {
    return new Int4Matrix(rows, columns, group(), codes, scales, zeros);
  }
}
