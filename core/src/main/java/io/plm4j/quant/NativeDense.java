package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Products of many rows of bf16 with matrices in bf16 in C (`src/main/c/dense.c`), near what the
/// processor can, where libtorch's are slower. Sums are of 32 bits and rounded once. What a row
/// becomes does not depend on the others, bit for bit.
///
/// There on processors with AVX-512 and without AMX, which libtorch uses, and where there is a
/// [NativeLibrary].
final class NativeDense {
  /// What is multiplied at once: floats, or pairs of bf16 on processors with AVX512_BF16.
  enum Kind {
    FLOATS,
    PAIRS
  }

  private static final Optional<NativeDense> INSTANCE =
      NativeLibrary.instance().flatMap(NativeDense::best);

  /// Rows of x that lie side by side.
  private static final int TILE = 12;

  /// Columns that are turned at once, at most.
  private static final int TOGETHER = 32;

  private final Kind kind;
  private final MethodHandle tiles;
  private final MethodHandle product;

  private NativeDense(NativeLibrary library, Kind kind) {
    this.kind = kind;
    tiles =
        library.function(
            "plm_dense_tiles",
            FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    product =
        library.function(
            "plm_dense",
            FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT));
  }

  private static Optional<NativeDense> best(NativeLibrary library) {
    return switch (library.ask("plm_dense_kind")) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(new NativeDense(library, Kind.FLOATS));
      default -> Optional.of(new NativeDense(library, Kind.PAIRS));
    };
  }

  /// The fastest of this machine, if it is faster than libtorch's.
  static Optional<NativeDense> instance() {
    return INSTANCE;
  }

  /// A kind that the processor must have, fast or not: for tests.
  static NativeDense of(Kind kind) {
    return new NativeDense(NativeLibrary.instance().orElseThrow(), kind);
  }

  Kind kind() {
    return kind;
  }

  /// Whether it has a product of these.
  static boolean multiplies(Tensor x, Tensor weight) {
    return x.dtype() == DType.BF16 && weight.dtype() == DType.BF16 && x.elements() > 0;
  }

  /// `x · weightᵀ + bias`, where [#multiplies] says so.
  ///
  /// Shapes: x [..., K] of BF16, weight [N, K] of BF16, bias [N], result [..., N] of BF16.
  Tensor product(Tensor x, Tensor weight, @Nullable Tensor bias, Workers workers) {
    var w = new Factor((int) weight.size(0), (int) weight.size(1), weight.memory());
    return ManyRows.product(x, w, bias, workers);
  }

  /// Numbers of four bytes in a row of x: floats, or pairs.
  private long length(int columns) {
    return kind == Kind.PAIRS ? (columns + 1) / 2 : columns;
  }

  private int pairs() {
    return kind == Kind.PAIRS ? 1 : 0;
  }

  private final class Factor implements ManyRows.Matrix {
    private final int rows;
    private final int columns;
    private final MemorySegment numbers;

    Factor(int rows, int columns, MemorySegment numbers) {
      this.rows = rows;
      this.columns = columns;
      this.numbers = numbers;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public long room() {
      return (long) ManyRows.PANEL * (columns + TOGETHER) * Float.BYTES;
    }

    @Override
    public ManyRows.Slab slab(int most) {
      long count = (most + TILE - 1) / TILE;
      return new Tiles(
          this, Tensor.uninitialized(DType.F32, count, length(columns), TILE).memory());
    }

    void turn(MemorySegment x, int count, MemorySegment to, int first, int end) throws Throwable {
      tiles.invokeExact(x, count, to, pairs(), columns, first, end);
    }

    void multiply(
        MemorySegment x,
        int count,
        MemorySegment bias,
        MemorySegment room,
        MemorySegment y,
        int from,
        int to)
        throws Throwable {
      product.invokeExact(x, count, numbers, bias, room, y, pairs(), columns, rows, from, to);
    }
  }

  /// Rows of x, as `dense.c` lays them.
  private record Tiles(Factor w, MemorySegment numbers) implements ManyRows.Slab {
    @Override
    public void prepare(MemorySegment x, int rows, int part, int parts) throws Throwable {
      int count = (rows + TILE - 1) / TILE;
      int first = RowProduct.cut(count, part, parts);
      w.turn(x, rows, numbers, first, RowProduct.cut(count, part + 1, parts));
    }

    @Override
    public void multiply(
        int rows, MemorySegment bias, MemorySegment room, MemorySegment y, int from, int to)
        throws Throwable {
      w.multiply(numbers, rows, bias, room, y, from, to);
    }
  }
}
