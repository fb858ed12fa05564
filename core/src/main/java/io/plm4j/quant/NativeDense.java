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
    int n = (int) weight.size(0);
    int columns = (int) weight.size(1);
    long room = (long) ManyRows.PANEL * (columns + TOGETHER) * Float.BYTES;
    var numbers = weight.memory();
    var w = new ManyRows.Matrix(n, columns, room, most -> new Tiles(most, numbers, n, columns));
    return ManyRows.product(x, w, bias, workers);
  }

  /// Numbers of four bytes in a row of x: floats, or pairs.
  private long length(int columns) {
    return kind == Kind.PAIRS ? (columns + 1) / 2 : columns;
  }

  private int pairs() {
    return kind == Kind.PAIRS ? 1 : 0;
  }

  /// Rows of x, as `dense.c` lays them.
  private final class Tiles implements ManyRows.Slab {
    private final MemorySegment weight;
    private final int n;
    private final int columns;
    private final MemorySegment laid;

    Tiles(int most, MemorySegment weight, int n, int columns) {
      this.weight = weight;
      this.n = n;
      this.columns = columns;
      laid = Tensor.uninitialized(DType.F32, count(most), length(columns), TILE).memory();
    }

    private static int count(int rows) {
      return (rows + TILE - 1) / TILE;
    }

    @Override
    public void prepare(MemorySegment x, int rows, int part, int parts) throws Throwable {
      int first = RowProduct.cut(count(rows), part, parts);
      int end = RowProduct.cut(count(rows), part + 1, parts);
      tiles.invokeExact(x, rows, laid, pairs(), columns, first, end);
    }

    @Override
    public void multiply(
        int rows, MemorySegment bias, MemorySegment room, MemorySegment y, int from, int to)
        throws Throwable {
      product.invokeExact(laid, rows, weight, bias, room, y, pairs(), columns, n, from, to);
    }
  }
}
