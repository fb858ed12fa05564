package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The products that [NativeRows] has, and another kernel's for the rest: for other formats, and
/// for rows of x that bf16 cannot hold, as those of a model in 32 bits.
///
/// Which of the two computes a row depends on that row alone.
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
        x, NativeKernel::bits, (bits, _) -> rows.bf16(bits, w), others -> dense.bf16(others, w));
  }

  @Override
  public RowProduct.Columns int4(float[][] x, Groups w) {
    return shared(
        x,
        row -> rows.ordered(row, w),
        (bits, ours) -> rows.int4(bits, sums(ours, w), w),
        others -> packed.int4(others, w));
  }

  /// A row as bf16; null where that does not hold it.
  @FunctionalInterface
  private interface Narrowing {
    short @Nullable [] of(float[] row);
  }

  /// Rows of x that bf16 holds meet C, and the others another kernel.
  ///
  /// @param inC of rows as bf16, and the same as they came
  private RowProduct.Columns shared(
      float[][] x,
      Narrowing narrowing,
      BiFunction<short[][], float[][], RowProduct.Columns> inC,
      Function<float[][], RowProduct.Columns> elsewhere) {
    if (!rows.multipliesBf16()) {
      return elsewhere.apply(x);
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
      return elsewhere.apply(x);
    }
    var first = inC.apply(bits.toArray(short[][]::new), picked(x, ours));
    if (others.isEmpty()) {
      return first;
    }
    var second = elsewhere.apply(picked(x, others));
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
