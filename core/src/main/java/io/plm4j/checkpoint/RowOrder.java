package io.plm4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.LongUnaryOperator;

/// The order in which the rows of a tensor are read.
public sealed interface RowOrder {
  RowOrder AS_STORED = new AsStored();

  /// This order, and its result in another order. Both are of the same rows: a shape that changed
  /// between the two has only lost or got sizes of 1 in front.
  default RowOrder then(RowOrder next) {
    if (this instanceof Permuted(var first) && next instanceof Permuted(var second)) {
      return new Permuted(row -> first.applyAsLong(second.applyAsLong(row)));
    }
    return this instanceof AsStored ? next : this;
  }

  /// One after the other; nothing is copied.
  record AsStored() implements RowOrder {}

  /// In another order.
  ///
  /// @param stored from a row's place for its reader to its place in the file; a permutation
  record Permuted(LongUnaryOperator stored) implements RowOrder {
    /// Copies rows into their places for the reader.
    ///
    /// @param rows how many there are
    void copy(MemorySegment from, MemorySegment to, long rows) {
      long bytes = from.byteSize() / rows;
      for (long row = 0; row < rows; row++) {
        MemorySegment.copy(from, stored.applyAsLong(row) * bytes, to, row * bytes, bytes);
      }
    }
  }
}
