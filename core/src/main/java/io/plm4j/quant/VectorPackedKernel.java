package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;

/// The packed formats with the Vector API.
final class VectorPackedKernel implements PackedKernel {
  @Override
  public RowProduct.Columns int8(float[][] x, Bytes w) {
    return VectorInt8.product(x, w);
  }

  @Override
  public RowProduct.Columns int4(float[][] x, Groups w) {
    return VectorInt4.product(Nibbles.halves(x, w.group()), w);
  }

  @Override
  public RowProduct.Columns nf4(float[][] x, Blocks w) {
    return VectorNf4Rows.product(Nibbles.pairs(x), w);
  }

  @Override
  public void dense(Bytes w, int from, int to, DType type, MemorySegment out) {
    VectorInt8.dense(w, from, to, type, out);
  }

  @Override
  public void dense(Groups w, int from, int to, DType type, MemorySegment out) {
    VectorInt4.dense(w, from, to, type, out);
  }
}
