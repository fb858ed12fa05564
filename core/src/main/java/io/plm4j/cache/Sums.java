package io.plm4j.cache;

import io.plm4j.checkpoint.Shape;
import io.plm4j.tensor.Scattered;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/// A sum over the content of each tensor of a file (CRC-32C, which processors compute at the speed
/// of memory: it is to find damage, not malice). The key and the tensor's place are summed too, so
/// that no content passes for another.
final class Sums {
  private static final ValueLayout.OfInt SUM =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CacheKey key;
  private final MemorySegment memory;

  /// @param memory the sums as they were written
  Sums(CacheKey key, MemorySegment memory) {
    this.key = key;
    this.memory = memory;
  }

  /// Sums that are not known yet.
  static Sums of(CacheKey key, int tensors) {
    return new Sums(key, MemorySegment.ofArray(new byte[tensors * Integer.BYTES]));
  }

  /// Of the bytes that they take in a file.
  static Shape shape(int tensors) {
    return new Shape(List.of((long) tensors * Integer.BYTES));
  }

  MemorySegment memory() {
    return memory;
  }

  void note(int index, Scattered tensor) {
    memory.set(SUM, (long) index * Integer.BYTES, sum(index, tensor));
  }

  boolean holds(int index, Scattered tensor) {
    return memory.get(SUM, (long) index * Integer.BYTES) == sum(index, tensor);
  }

  private int sum(int index, Scattered tensor) {
    var crc = new CRC32C();
    crc.update((key.hex() + index).getBytes(StandardCharsets.US_ASCII));
    for (var piece : tensor.pieces()) {
      crc.update(piece.asByteBuffer());
    }
    return (int) crc.getValue();
  }
}
