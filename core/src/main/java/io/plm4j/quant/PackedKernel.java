package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Products of a few rows with matrices in few bits, and these matrices made dense.
///
/// Sums are of 32 bits, and x is not rounded: the only error beyond the format's own is that of
/// summation. What a row of x becomes does not depend on the rows beside it, bit for bit.
///
/// A product is got ready once, and then computes whatever columns of y its threads ask for.
///
/// Shapes: x [M, K], w [N, K], y [M, N].
interface PackedKernel {
  /// A matrix with a scale a row.
  ///
  /// @param codes one a byte
  record Bytes(MemorySegment codes, MemorySegment scales, int columns) {
    static Bytes of(Int8Matrix matrix) {
      return new Bytes(matrix.codes().memory(), matrix.scales().memory(), (int) matrix.columns());
    }
  }

  /// A matrix with a scale a group.
  ///
  /// @param zeros empty where every group's is the middle code
  /// @param half bytes of a group
  /// @param groups of a row
  record Groups(
      MemorySegment codes,
      MemorySegment scales,
      MemorySegment zeros,
      int half,
      int groups,
      int columns) {
    static Groups of(Int4Matrix matrix) {
      return new Groups(
          matrix.codes().memory(),
          matrix.scales().memory(),
          matrix.zeros().map(Tensor::memory).orElse(MemorySegment.NULL),
          matrix.group() / 2,
          (int) Int4Matrix.groups(matrix.columns(), matrix.group()),
          (int) matrix.columns());
    }

    /// Bytes of codes in a row.
    long stride() {
      return (long) half * groups;
    }

    /// Weights that share a scale.
    int group() {
      return 2 * half;
    }

    /// @param group counted through all rows
    float scale(long group) {
      return Bf16.toFloat(scales.get(ValueLayout.JAVA_SHORT, group * Short.BYTES));
    }

    /// Whether groups have zeros of their own.
    boolean hasZeros() {
      return zeros.byteSize() > 0;
    }

    /// @param group counted through all rows
    int zero(long group) {
      return !hasZeros() ? Int4Matrix.MIDDLE : zeros.get(ValueLayout.JAVA_BYTE, group);
    }
  }

  /// A matrix in NF4 whose rows are whole numbers of blocks.
  ///
  /// @param half bytes of a block
  /// @param blocks of a row
  record Blocks(MemorySegment codes, Nf4Matrix.ScaleReader scales, int half, int blocks) {
    static Blocks of(Nf4Matrix matrix) {
      return new Blocks(
          matrix.codes().memory(),
          matrix.scaleReader(),
          matrix.blockSize() / 2,
          (int) (matrix.columns() / matrix.blockSize()));
    }

    /// Bytes of codes in a row.
    long stride() {
      return (long) half * blocks;
    }
  }

  RowProduct.Columns int8(float[][] x, Bytes w);

  RowProduct.Columns int4(float[][] x, Groups w);

  RowProduct.Columns nf4(float[][] x, Blocks w);

  /// @param out of `to - from` rows of the given type, F32 or BF16
  void dense(Bytes w, int from, int to, DType type, MemorySegment out);

  /// @param out of `to - from` rows of the given type, F32 or BF16
  void dense(Groups w, int from, int to, DType type, MemorySegment out);
}
