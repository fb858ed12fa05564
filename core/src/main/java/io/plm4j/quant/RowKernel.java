package io.plm4j.quant;

import java.lang.foreign.MemorySegment;

/// A few rows times a matrix: `y[m, n] = Σ_k x[m, k] · w[n, k]`, accumulated in 32 bits.
///
/// A row's numbers do not depend on the rows beside it, bit for bit: a request answered together
/// with others gets the answer that it gets alone.
///
/// Shapes: x [M, K], w [N, K] row-major, y [M, N].
interface RowKernel {
  /// Computes columns `from` to `to - 1` of y with 32-bit weights.
  void f32(float[][] x, MemorySegment w, float[][] y, int from, int to);

  /// Computes columns `from` to `to - 1` of y with bf16 weights.
  void bf16(float[][] x, MemorySegment w, float[][] y, int from, int to);
}
