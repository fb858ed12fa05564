package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The products that [NativeRows] has, and another kernel's for other formats.
///
/// Where the processor multiplies bf16, rows of x that bf16 holds are multiplied so, and others, as
/// those of a model in 32 bits, as floats. Which of the two depends on a row alone.
final class NativeKernel implements PackedKernel, RowKernel {
  private final NativeRows rows;
  private final PackedKernel packed;
  private final RowKernel dense;

  NativeKernel(NativeRows rows, PackedKernel packed, RowKernel dense) {
    this.rows = rows;
    this.packed = packed;
    this.dense = dense;
  }

  @Override
  public RowProduct.Columns int8(float[][] x, Bytes w) {
    return rows.int8(x, w);
  }

  @Override
  public RowProduct.Columns bf16(float[][] x, MemorySegment w) {
    return shared(
        x, NativeKernel::bits, (bits, _) -> rows.bf16(bits, w), others -> rows.bf16(others, w));
  }

  @Override
  public RowProduct.Columns int4(float[][] x, Groups w) {
    return shared(
        x,
        row -> rows.ordered(row, w),
        (bits, ours) -> rows.int4(bits, sums(ours, w), w),
        others -> rows.int4(others, w));
  }

  /// A row as bf16; null where that does not hold it.
  @FunctionalInterface
  private interface Narrowing {
    short @Nullable [] of(float[] row);
  }

  /// @param narrow of rows as bf16, and the same as they came
  /// @param wide of rows as floats
  private RowProduct.Columns shared(
      float[][] x,
      Narrowing narrowing,
      BiFunction<short[][], float[][], RowProduct.Columns> narrow,
      Function<float[][], RowProduct.Columns> wide) {
    if (!rows.multipliesBf16()) {
      return wide.apply(x);
    }
    var bits = new ArrayList<short[]>();
    var ours = new ArrayList<Integer>();
    var others = new ArrayList<Integer>();
    for (int m = 0; m < x.length; m++) {
      var row = narrowing.of(x[m]);
      if (row == null) {
        others.add(m);
      } else {
        bits.add(row);
        ours.add(m);
      }
    }
    if (ours.isEmpty()) {
      return wide.apply(x);
    }
    var first = narrow.apply(bits.toArray(short[][]::new), picked(x, ours));
    if (others.isEmpty()) {
      return first;
    }
    var second = wide.apply(picked(x, others));
    return (y, from, to) -> {
      first.run(picked(y, ours), from, to);
      second.run(picked(y, others), from, to);
    };
  }

  private static float[][] picked(float[][] all, List<Integer> numbers) {
    return numbers.stream().map(number -> all[number]).toArray(float[][]::new);
  }

  /// A row as bf16; null where a number is not one.
  private static short @Nullable [] bits(float[] x) {
    var bits = new short[x.length];
    int lost = 0;
    for (int k = 0; k < x.length; k++) {
      int number = Float.floatToRawIntBits(x[k]);
      bits[k] = (short) (number >>> 16);
      lost |= number;
    }
    return (lost & 0xffff) == 0 ? bits : null;
  }

  /// The sums of rows in each group; none where no group has a zero of its own.
  private static float[][] sums(float[][] x, Groups w) {
    if (!w.hasZeros()) {
      return new float[0][];
    }
    var sums = new float[x.length][w.groups()];
    for (int m = 0; m < x.length; m++) {
      for (int k = 0; k < x[m].length; k++) {
        sums[m][k / w.group()] += x[m][k];
      }
    }
    return sums;
  }

  @Override
  public RowProduct.Columns f32(float[][] x, MemorySegment w) {
    return dense.f32(x, w);
  }

  @Override
  public RowProduct.Columns nf4(float[][] x, Blocks w) {
    return packed.nf4(x, w);
  }

  @Override
  public void dense(Bytes w, int from, int to, DType type, MemorySegment out) {
    packed.dense(w, from, to, type, out);
  }

  @Override
  public void dense(Groups w, int from, int to, DType type, MemorySegment out) {
    packed.dense(w, from, to, type, out);
  }
}
