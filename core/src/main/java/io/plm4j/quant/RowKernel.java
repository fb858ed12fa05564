package io.plm4j.quant;

import java.lang.foreign.MemorySegment;

/// One row times a matrix: `y[n] = Σ_k x[k] · w[n, k]`, accumulated in 32 bits.
///
/// Shapes: x [K], w [N, K] row-major, y [N].
interface RowKernel {
  /// Computes y[from] to y[to - 1] with 32-bit weights.
  void f32(float[] x, MemorySegment w, float[] y, int from, int to);

  /// Computes y[from] to y[to - 1] with bf16 weights.
  void bf16(float[] x, MemorySegment w, float[] y, int from, int to);
}
