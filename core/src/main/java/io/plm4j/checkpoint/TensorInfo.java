package io.plm4j.checkpoint;

import io.plm4j.tensor.DType;
import java.nio.file.Path;

/// What a checkpoint says of a tensor without looking at its numbers.
///
/// @param file where it is stored
public record TensorInfo(String name, DType dtype, Shape shape, Path file) {
  /// Size of the numbers in bytes.
  public long bytes() {
    return shape.elements() * dtype.bytes();
  }
}
