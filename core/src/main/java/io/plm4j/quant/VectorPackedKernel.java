package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;

/// The packed formats with the Vector API.
final class VectorPackedKernel implements PackedKernel {
  @Override
  public void int8(float[][] x, Bytes w, float[][] y, int from, int to) {
    VectorInt8.multiply(x, w, y, from, to);
  }

  @Override
  public void int4(Nibbles[] x, Groups w, float[][] y, int from, int to) {
    VectorInt4.multiply(x, w, y, from, to);
  }

  @Override
  public void nf4(Nibbles[] x, Blocks w, float[][] y, int from, int to) {
    VectorNf4Rows.multiply(x, w, y, from, to);
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
