package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What the products of many rows of bf16 in C have in common: some rows of x at a time are got
/// ready, then threads take pieces of the columns of y.
///
/// Shapes: x [M, K], w [N, K], y [M, N].
final class ManyRows {
  /// Rows of a matrix that are multiplied side by side (`src/main/c/panels.h`).
  static final int PANEL = 32;

  /// Rows of x that are got ready at a time: whole tiles of both kinds of products, few enough to
  /// stay in a large cache.
  private static final int SLAB = 1_008;

  private static final int PIECES_A_THREAD = 8;

  private ManyRows() {}

  /// A matrix, and how rows of x meet it.
  ///
  /// @param rows N
  /// @param columns K
  /// @param room bytes in which a thread rearranges some rows
  /// @param slab makes memory for so many rows of x at most
  record Matrix(int rows, int columns, long room, IntFunction<Slab> slab) {}

  /// Some rows of x, and the products with them.
  interface Slab {
    /// Gets a part of the rows ready, in several threads at once.
    ///
    /// @param x BF16 [rows, K]
    void prepare(MemorySegment x, int rows, int part, int parts) throws Throwable;

    /// Computes columns `from` to `to - 1` of y, in several threads at once.
    ///
    /// @param bias F32 [N], or null
    /// @param room for this thread
    /// @param y BF16 [rows, N]
    void multiply(
        int rows, MemorySegment bias, MemorySegment room, MemorySegment y, int from, int to)
        throws Throwable;
  }

  /// `x · wᵀ + bias`.
  ///
  /// Shapes: x [..., K] of BF16, bias [N], result [..., N] of BF16.
  static Tensor product(Tensor x, Matrix w, @Nullable Tensor bias, Workers workers) {
    try (var scope = Scope.open()) {
      int columns = w.columns();
      int n = w.rows();
      int rows = (int) (x.elements() / columns);
      long[] shape = x.shape();
      shape[shape.length - 1] = n;
      var xs = x.contiguous().memory();
      var y = Tensor.uninitialized(DType.BF16, shape);
      var ys = y.memory();
      var shift = bias == null ? MemorySegment.NULL : bias.to(DType.F32).contiguous().memory();
      var rooms = Tensor.uninitialized(DType.U8, workers.parts(), w.room()).memory();
      var slab = w.slab().apply(Math.min(rows, SLAB));
      for (int first = 0; first < rows; first += SLAB) {
        int count = Math.min(SLAB, rows - first);
        var some = xs.asSlice((long) first * columns * Short.BYTES);
        workers.run(
            (part, parts) -> NativeLibrary.call(() -> slab.prepare(some, count, part, parts)));
        var result = ys.asSlice((long) first * n * Short.BYTES);
        int piece = piece(n, workers.parts());
        var next = new AtomicInteger();
        workers.run((part, _) -> {
          var room = rooms.asSlice(part * w.room(), w.room());
          for (int from = next.getAndAdd(piece); from < n; from = next.getAndAdd(piece)) {
            int start = from;
            int end = Math.min(n, from + piece);
            NativeLibrary.call(() -> slab.multiply(count, shift, room, result, start, end));
          }
        });
      }
      return scope.keep(y);
    }
  }

  /// Columns that a thread takes at a time: whole panels, so few that threads end together.
  private static int piece(int n, int threads) {
    return Math.max(PANEL, n / (threads * PIECES_A_THREAD) / PANEL * PANEL);
  }
}
