package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    var exact = new Exact(x.length);
    for (int m = 0; m < x.length; m++) {
      exact.add(m, rows.multipliesBf16() ? bits(x[m]) : null);
    }
    if (exact.isAll()) {
      return rows.bf16(exact.rows(), w);
    }
    return exact.isEmpty()
        ? dense.bf16(x, w)
        : exact.together(rows.bf16(exact.rows(), w), dense.bf16(exact.others(x), w));
  }

  @Override
  public RowProduct.Columns int4(float[][] x, Groups w) {
    var exact = new Exact(x.length);
    for (int m = 0; m < x.length; m++) {
      exact.add(m, rows.multipliesBf16() ? rows.ordered(x[m], w) : null);
    }
    if (exact.isEmpty()) {
      return packed.int4(x, w);
    }
    var sums = new float[exact.rows().length][];
    if (w.hasZeros()) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] = sums(x[exact.numbers.get(i)], w);
      }
    }
    var fast = rows.int4(exact.rows(), sums, w);
    return exact.isAll() ? fast : exact.together(fast, packed.int4(exact.others(x), w));
  }

  /// The rows that are bf16, and their numbers among all.
  private static final class Exact {
    private final List<short[]> bits = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final int count;

    Exact(int count) {
      this.count = count;
    }

    void add(int number, short @Nullable [] row) {
      if (row != null) {
        bits.add(row);
        numbers.add(number);
      }
    }

    boolean isEmpty() {
      return numbers.isEmpty();
    }

    boolean isAll() {
      return numbers.size() == count;
    }

    short[][] rows() {
      return bits.toArray(short[][]::new);
    }

    /// A product of the rows that are bf16 beside one of the others.
    RowProduct.Columns together(RowProduct.Columns ours, RowProduct.Columns others) {
      return (y, from, to) -> {
        ours.run(of(y), from, to);
        others.run(others(y), from, to);
      };
    }

    private float[][] of(float[][] all) {
      return numbers.stream().map(number -> all[number]).toArray(float[][]::new);
    }

    float[][] others(float[][] all) {
      return IntStream.range(0, count)
          .filter(number -> !numbers.contains(number))
          .mapToObj(number -> all[number])
          .toArray(float[][]::new);
    }
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

  /// The sum of a row in each group.
  private static float[] sums(float[] x, Groups w) {
    var sums = new float[w.groups()];
    for (int k = 0; k < x.length; k++) {
      sums[k / w.group()] += x[k];
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
