package io.plm4j.quant;

import io.plm4j.tensor.Owner;

/// A matrix [rows, columns] of weights in few bits, over memory that may be a mapped file's.
public sealed interface QuantizedMatrix permits Int8Matrix, Int4Matrix, Nf4Matrix {
  long rows();

  long columns();

  /// Memory that it takes, in bytes.
  long bytes();

  /// Hands all of its memory to an owner.
  QuantizedMatrix heldBy(Owner owner);

  /// Number of weights.
  default long weights() {
    return rows() * columns();
  }
}
