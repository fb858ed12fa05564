package io.plm4j.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// The numbers of a tensor, row-major, where they lie in several runs of memory, such as some
/// positions of a cache that has room for more.
///
/// @param name by which its owner knows it
/// @param pieces the runs in order; valid as long as the memory that they are part of
public record Scattered(String name, DType type, List<Long> shape, List<MemorySegment> pieces) {
  public Scattered {
    shape = List.copyOf(shape);
    pieces = List.copyOf(pieces);
  }

  /// Size of all pieces.
  public long bytes() {
    return pieces.stream().mapToLong(MemorySegment::byteSize).sum();
  }

  /// Overwrites the numbers with those of another one that is cut alike.
  public void copyFrom(Scattered other) {
    for (int i = 0; i < pieces.size(); i++) {
      pieces.get(i).copyFrom(other.pieces.get(i));
    }
  }

  /// Overwrites the numbers with those of one run.
  public void copyFrom(MemorySegment run) {
    long at = 0;
    for (var piece : pieces) {
      piece.copyFrom(run.asSlice(at, piece.byteSize()));
      at += piece.byteSize();
    }
  }

  /// Writes the numbers into one run.
  public void copyTo(MemorySegment run) {
    long at = 0;
    for (var piece : pieces) {
      run.asSlice(at, piece.byteSize()).copyFrom(piece);
      at += piece.byteSize();
    }
  }
}
