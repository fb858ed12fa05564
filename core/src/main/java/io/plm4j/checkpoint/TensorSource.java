package io.plm4j.checkpoint;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/// A tensor to be written.
///
/// @param data gives the numbers, little-endian and row-major, when their turn comes; the segment
///   is not used any more when the next tensor is asked for
public record TensorSource(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {
  /// A tensor in memory, as it is when its turn comes.
  public static TensorSource of(String name, Tensor tensor) {
    return new TensorSource(name, tensor.dtype(), Shape.of(tensor.shape()), tensor::memory);
  }

  /// The same under another name.
  public TensorSource named(String other) {
    return new TensorSource(other, dtype, shape, data);
  }

  /// Size of the numbers in bytes.
  public long bytes() {
    return shape.elements() * dtype.bytes();
  }
}
