package io.plm4j.checkpoint;

/// A stored tensor as its readers see it.
///
/// @param shape of as many elements as the stored one
/// @param rows in which order the rows, the slices along the first size, are read
public record TensorView(String name, Shape shape, RowOrder rows) {
  static TensorView of(TensorInfo stored) {
    return new TensorView(stored.name(), stored.shape(), RowOrder.AS_STORED);
  }
}
