package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Rows of numbers in 8 bits: each row is 127 times a scale of its own at most, and a number is off
/// by half its row's scale at most.
///
/// Shapes: numbers [1, KH, C, D] of I8, scales [1, KH, C] of F32: KH key heads, C positions, D head
/// dimension.
public record Int8Rows(Tensor numbers, Tensor scales) {
  private static final int LARGEST = 127;

  /// Adding 1.5·2²³ rounds a float to the nearest integer, ties to even, and leaves it in the low
  /// bits, as a byte that may be negative.
  private static final float ROUND = 12_582_912f;

  /// Rows that hold whatever was there before.
  public static Int8Rows uninitialized(long heads, long positions, long dim) {
    return new Int8Rows(
        Tensor.uninitialized(DType.I8, 1, heads, positions, dim),
        Tensor.uninitialized(DType.F32, 1, heads, positions));
  }

  /// Overwrites positions with the nearest that these rows can hold.
  ///
  /// @param from the first position
  /// @param rows [1, KH, L, D]
  public void put(long from, Tensor rows) {
    float[] values = rows.toFloats();
    int heads = (int) rows.size(1);
    int count = (int) rows.size(2);
    int dim = (int) rows.size(3);
    long positions = numbers.size(2);
    var bytes = new byte[count * dim];
    var rowScales = new float[count];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < count; i++) {
        rowScales[i] = round(values, (head * count + i) * dim, dim, bytes, i * dim);
      }
      long first = head * positions + from;
      MemorySegment.copy(
          bytes, 0, numbers.memory(), ValueLayout.JAVA_BYTE, first * dim, bytes.length);
      MemorySegment.copy(
          rowScales, 0, scales.memory(), ValueLayout.JAVA_FLOAT, first * Float.BYTES, count);
    }
  }

  /// Rounds one row and returns its scale.
  private static float round(float[] row, int from, int dim, byte[] out, int to) {
    float largest = 0;
    for (int i = 0; i < dim; i++) {
      largest = Math.max(largest, Math.abs(row[from + i]));
    }
    if (largest < Float.MIN_NORMAL * LARGEST) {
      // Nothing but zeros, or what is none beside any other number.
      Arrays.fill(out, to, to + dim, (byte) 0);
      return 0;
    }
    float inverse = LARGEST / largest;
    for (int i = 0; i < dim; i++) {
      out[to + i] = (byte) Float.floatToRawIntBits(row[from + i] * inverse + ROUND);
    }
    return largest / LARGEST;
  }

  /// What the first rows stand for: [1, KH, length, D] of F32.
  public Tensor dequantize(int length) {
    var shown = numbers.narrow(2, 0, length).to(DType.F32);
    return shown.times(scales.narrow(2, 0, length).reshape(1, numbers.size(1), length, 1));
  }

  /// The rows of one head.
  Head head(int head) {
    long positions = numbers.size(2);
    long dim = numbers.size(3);
    return new Head(
        numbers.memory().asSlice(head * positions * dim, positions * dim),
        scales.memory().asSlice(head * positions * Float.BYTES, positions * Float.BYTES),
        (int) dim);
  }

  /// Rows of a head.
  ///
  /// @param numbers [S, D] bytes, row-major
  /// @param scales [S] floats
  record Head(MemorySegment numbers, MemorySegment scales, int dim) {
    float scale(int row) {
      return scales.getAtIndex(ValueLayout.JAVA_FLOAT, row);
    }

    /// A number without its row's scale.
    byte at(long index) {
      return numbers.get(ValueLayout.JAVA_BYTE, index);
    }
  }
}
