package io.plm4j.quant;

import java.lang.foreign.MemorySegment;

/// A few rows times a matrix: `y[m, n] = Σ_k x[m, k] · w[n, k]`, accumulated in 32 bits.
///
/// A row's numbers do not depend on the rows beside it, bit for bit: a request answered together
/// with others gets the answer that it gets alone.
///
/// Shapes: x [M, K], w [N, K] row-major, y [M, N].
interface RowKernel {
  /// With 32-bit weights.
  RowProduct.Columns f32(float[][] x, MemorySegment w);

  /// With bf16 weights.
  RowProduct.Columns bf16(float[][] x, MemorySegment w);
}
