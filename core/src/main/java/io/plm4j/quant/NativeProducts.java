package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Products of many rows of bf16 with matrices in eight or four bits, in C (`src/main/c/many.c`),
/// several times as fast as with the matrix made dense.
///
/// Rows are rounded to eight bits, with a scale for each group of neighbours: the groups of the
/// matrix where it has some, else 64. A number is off by 1/254 of the largest of its group at most.
/// What a row becomes does not depend on the others.
///
/// There on processors with AVX512_VNNI and a [NativeLibrary].
final class NativeProducts {
  private static final Optional<NativeProducts> INSTANCE =
      NativeLibrary.instance()
          .filter(library -> library.ask("plm_many_there") != 0)
          .map(NativeProducts::new);

  /// Neighbours in a row that share a scale where the matrix has a scale a row.
  private static final int GROUP = 64;

  /// Rows of a matrix that are multiplied side by side.
  private static final int PANEL = 32;

  /// Rows of x that are rounded at a time: few enough for their codes to stay in a large cache.
  private static final int SLAB = 1024;

  private static final int PIECES_A_THREAD = 8;

  private final MethodHandle round;
  private final MethodHandle int8;
  private final MethodHandle int4;

  private NativeProducts(NativeLibrary library) {
    round =
        function(
            library, "round", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT);
    int8 =
        function(
            library, "int8", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    int4 =
        function(
            library, "int4", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  }

  private static MethodHandle function(
      NativeLibrary library, String name, java.lang.foreign.MemoryLayout... layouts) {
    return library.function("plm_many_" + name, FunctionDescriptor.ofVoid(layouts));
  }

  /// What this machine has of it.
  static Optional<NativeProducts> instance() {
    return INSTANCE;
  }

  /// Whether it has a product of these.
  static boolean multiplies(DType type, QuantizedMatrix matrix) {
    return type == DType.BF16 && (matrix instanceof Int8Matrix || matrix instanceof Int4Matrix);
  }

  /// `x · matrixᵀ + bias`, where [#multiplies] says so.
  ///
  /// Shapes: x [..., K] of BF16, matrix [N, K], bias [N], result [..., N] of BF16.
  Tensor product(Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias, Workers workers) {
    try (var scope = Scope.open()) {
      long[] shape = x.shape();
      int columns = (int) shape[shape.length - 1];
      int rows = (int) (x.elements() / columns);
      int n = (int) matrix.rows();
      shape[shape.length - 1] = n;
      var from = x.contiguous().memory();
      var y = Tensor.uninitialized(DType.BF16, shape);
      var to = y.memory();
      var added = bias == null ? MemorySegment.NULL : bias.to(DType.F32).contiguous().memory();
      var panels = panels(matrix, added);
      var rooms = Tensor.uninitialized(DType.U8, workers.parts(), panels.room()).memory();
      var slab = Slab.of(Math.min(rows, SLAB), columns, panels.group());
      for (int row = 0; row < rows; row += SLAB) {
        int count = Math.min(SLAB, rows - row);
        var slice = from.asSlice((long) row * columns * Short.BYTES);
        workers.run((part, parts) ->
            round(
                slice,
                slab,
                RowProduct.cut(count, part, parts),
                RowProduct.cut(count, part + 1, parts)));
        var part = to.asSlice((long) row * n * Short.BYTES);
        int piece = piece(n, workers.parts());
        var next = new AtomicInteger();
        workers.run((thread, _) -> {
          var room = rooms.asSlice(thread * panels.room(), panels.room());
          for (int at = next.getAndAdd(piece); at < n; at = next.getAndAdd(piece)) {
            call(panels, slab, count, room, part, n, at, Math.min(n, at + piece));
          }
        });
      }
      return scope.keep(y);
    }
  }

  /// Columns that a thread takes at a time.
  private static int piece(int n, int threads) {
    return Math.max(PANEL, n / (threads * PIECES_A_THREAD) / PANEL * PANEL);
  }

  /// Rows of x in eight bits.
  ///
  /// @param codes [M, G · group]
  /// @param scales [M, G]
  /// @param sums [M, G]
  private record Slab(
      MemorySegment codes, MemorySegment scales, MemorySegment sums, int columns, int group) {
    static Slab of(int rows, int columns, int group) {
      long groups = Int4Matrix.groups(columns, group);
      return new Slab(
          Tensor.uninitialized(DType.I8, rows, groups * group).memory(),
          Tensor.uninitialized(DType.F32, rows, groups).memory(),
          Tensor.uninitialized(DType.I32, rows, groups).memory(),
          columns,
          group);
    }
  }

  /// The matrix of a product.
  ///
  /// @param group numbers of x that share a scale
  /// @param room bytes that a thread needs for what it rearranges
  private record Panels(Call call, int group, long room) {}

  /// A call for columns `from` to `to - 1` of y.
  @FunctionalInterface
  private interface Call {
    void run(Slab x, int rows, MemorySegment room, MemorySegment y, int stride, int from, int to)
        throws Throwable;
  }

  /// Calls are in blocks: of an expression the compiler would have them return an object.
  private Panels panels(QuantizedMatrix matrix, MemorySegment bias) {
    return switch (matrix) {
      case Int8Matrix bytes -> {
        var w = PackedKernel.Bytes.of(bytes);
        Call call =
            (x, rows, room, y, stride, from, to) -> {
              int8.invokeExact(
                  x.codes(),
                  x.scales(),
                  x.sums(),
                  rows,
                  w.codes(),
                  w.scales(),
                  bias,
                  room,
                  y,
                  w.columns(),
                  stride,
                  from,
                  to);
            };
        yield new Panels(call, GROUP, PANEL * Int4Matrix.groups(w.columns(), GROUP) * GROUP);
      }
      case Int4Matrix fours -> {
        var w = PackedKernel.Groups.of(fours);
        MemorySegment zeros = w.hasZeros() ? w.zeros() : MemorySegment.NULL;
        Call call =
            (x, rows, room, y, stride, from, to) -> {
              int4.invokeExact(
                  x.codes(),
                  x.scales(),
                  x.sums(),
                  rows,
                  w.codes(),
                  w.scales(),
                  zeros,
                  bias,
                  room,
                  y,
                  w.group(),
                  w.groups(),
                  stride,
                  from,
                  to);
            };
        long whole = Int4Matrix.groups((long) w.groups() * w.group(), GROUP) * GROUP;
        yield new Panels(call, w.group(), PANEL * (whole + (long) w.groups() * Float.BYTES));
      }
      case Nf4Matrix _ -> throw new IllegalArgumentException("no product in C for " + matrix);
    };
  }

  private static void call(
      Panels panels,
      Slab x,
      int rows,
      MemorySegment room,
      MemorySegment y,
      int n,
      int from,
      int to) {
    try {
      panels.call().run(x, rows, room, y, n, from, to);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the functions declare none
    }
  }

  private void round(MemorySegment x, Slab to, int first, int end) {
    try {
      round.invokeExact(
          x, to.codes(), to.scales(), to.sums(), to.columns(), to.group(), first, end);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the function declares none
    }
  }
}
