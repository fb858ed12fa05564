package io.plm4j.tensor;

import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Attention through libtorch's fused CPU kernel, with the detours that this build needs.
///
/// - It computes in 32 bits: without MKL the kernel's bf16 products are about 20 times slower than
///   its f32 ones.
/// - Its products call OpenBLAS from inside OpenMP regions, where OpenBLAS's own threads would
///   fight for the cores.
/// - Its `is_causal` aligns the mask to the first key, which is wrong for a chunk that follows a
///   cache, so such a chunk gets an explicit mask.
///
/// Shapes: B batch, L queries, S keys, H heads, KH key heads, G = H / KH, D head dimension.
final class Attention {
  private Attention() {}

  static Tensor attend(Tensor q, Tensor k, Tensor v, AttentionMask mask) {
    try (var scope = Scope.open()) {
      long batch = q.size(0);
      long heads = q.size(1);
      long queries = q.size(2);
      long dim = q.size(3);
      long keyHeads = k.size(1);
      long keys = k.size(2);
      long group = heads / keyHeads;
      // Key heads become the batch, and the queries that share one its heads, so that keys repeat
      // by a stride of 0.
      var grouped = q.to(DType.F32).reshape(batch * keyHeads, group, queries, dim);
      var repeatedKeys = repeat(k, group);
      var repeatedValues = repeat(v, group);
      var bias = bias(mask, batch, keyHeads, queries, keys);
      boolean causalFromStart =
          mask instanceof AttentionMask.Causal(long cached) && cached == 0 && queries > 1;
      int threads = openblas.blas_get_num_threads();
      openblas.blas_set_num_threads(1);
      try {
        var y =
            Tensor.wrap(
                torch.scaled_dot_product_attention(
                    grouped.pointer(),
                    repeatedKeys.pointer(),
                    repeatedValues.pointer(),
                    bias,
                    0.0,
                    causalFromStart,
                    new DoubleOptional(),
                    false));
        return scope.keep(y.reshape(batch, heads, queries, dim).to(q.dtype()));
      } finally {
        openblas.blas_set_num_threads(threads);
      }
    }
  }

  /// [B, KH, S, D] → [B·KH, G, S, D] in 32 bits, the groups sharing memory.
  private static Tensor repeat(Tensor x, long group) {
    var f32 = x.to(DType.F32);
    return f32.reshape(x.size(0) * x.size(1), 1, x.size(2), x.size(3)).expand(-1, group, -1, -1);
  }

  /// [1, 1, L, S], or [B·KH, 1, L, S] where each sequence has a mask of its own: 0 where a query
  /// may look, -∞ elsewhere; empty where no explicit mask is needed.
  private static TensorOptional bias(
      AttentionMask mask, long batch, long keyHeads, long queries, long keys) {
    return switch (mask) {
      case AttentionMask.Full() -> new TensorOptional();
      case AttentionMask.Causal(long cached) -> {
        if (cached == 0 || queries == 1) {
          yield new TensorOptional();
        }
        var hidden =
            torch.full(
                new long[] {1, 1, queries, keys},
                new Scalar(Double.NEGATIVE_INFINITY),
                Libtorch.options(DType.F32));
        yield new TensorOptional(torch.triu(hidden, cached + 1));
      }
      case AttentionMask.Tree _, AttentionMask.Trees _ -> {
        int count = (int) (queries * keys);
        float[] hidden = new float[(int) batch * count];
        for (int b = 0; b < batch; b++) {
          hide((AttentionMask.Tree) mask.of(b), hidden, b * count, (int) queries, (int) keys);
        }
        yield new TensorOptional(
            Tensor.of(hidden, batch, 1, queries * keys)
                .expand(-1, keyHeads, -1)
                .reshape(batch * keyHeads, 1, queries, keys)
                .pointer());
      }
    };
  }

  private static void hide(AttentionMask.Tree tree, float[] hidden, int at, int queries, int keys) {
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        hidden[at + i * keys + j] = tree.sees(i, j) ? 0 : Float.NEGATIVE_INFINITY;
      }
    }
  }
}
