package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;

/// A matrix of eight-bit weights with a scale a row: `w = code · scale`.
///
/// @param codes I8 [rows, columns], from -127 to 127
/// @param scales F32 [rows]: the largest magnitude of a row is 127 of them
public record Int8Matrix(long rows, long columns, Tensor codes, Tensor scales)
    implements QuantizedMatrix {
  static final int LARGEST = 127;

  public Int8Matrix {
    Int4Matrix.require(codes, DType.I8, rows * columns);
    Int4Matrix.require(scales, DType.F32, rows);
  }

  @Override
  public long bytes() {
    return codes.bytes() + scales.bytes();
  }

  @Override
  public Int8Matrix heldBy(Owner owner) {
    owner.hold(codes);
    owner.hold(scales);
    return this;
  }
}
