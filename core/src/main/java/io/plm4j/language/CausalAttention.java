package io.plm4j.language;

import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Causal self-attention with grouped key/value heads. The sequences of a batch share the products
/// with the weights; each looks at its own cache.
///
/// Shapes: B batch, L new tokens, S cached and new tokens, E dim, H heads, KH key heads, D head
/// dim.
final class CausalAttention {
  private final DecoderConfig config;
  private final int layer;
  private final Linear qProj;
  private final Linear kProj;
  private final Linear vProj;
  private final Linear oProj;
  private final Kernels kernels;

  CausalAttention(DecoderConfig config, int layer, Weights weights) {
    this.config = config;
    this.layer = layer;
    int dim = config.hiddenSize();
    int queryDim = config.heads() * config.headDim();
    int keyDim = config.kvHeads() * config.headDim();
    qProj = weights.linearWithoutBias("q_proj", dim, queryDim);
    kProj = weights.linearWithoutBias("k_proj", dim, keyDim);
    vProj = weights.linearWithoutBias("v_proj", dim, keyDim);
    oProj = weights.linearWithoutBias("o_proj", queryDim, dim);
    kernels = weights.kernels();
  }

  boolean keepsRowsApart() {
    return qProj.keepsRowsApart()
        && kProj.keepsRowsApart()
        && vProj.keepsRowsApart()
        && oProj.keepsRowsApart();
  }

  Tensor forward(Tensor x, Rope.Turns turns, Sequences sequences) { // [B, L, E]
    var q = turns.apply(heads(qProj.apply(x), config.heads())); // [B, H, L, D]
    var k = turns.apply(heads(kProj.apply(x), config.kvHeads())); // [B, KH, L, D]
    var v = heads(vProj.apply(x), config.kvHeads()); // [B, KH, L, D]
    var y = // [B, H, L, D]
        switch (sequences) {
          case Sequences.Cached(var caches) -> behindCaches(q, k, v, caches, x.dtype());
          case Sequences.Apart(var cache) -> apart(q, k, v, cache, x.dtype());
          case Sequences.EndToEnd(var groups) -> endToEnd(q, k, v, groups, x.dtype());
        };
    return oProj.apply(y.transpose(1, 2).reshape(x.size(0), x.size(1), -1)); // [B, L, E]
  }

  private Tensor behindCaches(Tensor q, Tensor k, Tensor v, List<KvCache> caches, DType type) {
    var rows = new ArrayList<Tensor>();
    for (int b = 0; b < caches.size(); b++) {
      var cache = caches.get(b);
      var past = cache.append(layer, k.narrow(0, b, 1), v.narrow(0, b, 1));
      rows.add(attend(q.narrow(0, b, 1), past, cache.length(), type)); // [1, H, L, D]
    }
    return rows.size() == 1 ? rows.getFirst() : Tensor.cat(rows, 0);
  }

  /// The rows are positions of one sequence: each looks at those before it and at itself.
  private Tensor apart(Tensor q, Tensor k, Tensor v, KvCache cache, DType type) {
    var past = cache.append(layer, k.transpose(0, 2), v.transpose(0, 2)); // [1, KH, L, D]
    var rows = new ArrayList<Tensor>();
    for (int b = 0; b < q.size(0); b++) {
      rows.add(attend(q.narrow(0, b, 1), past, cache.length() + b, type));
    }
    return Tensor.cat(rows, 0);
  }

  private Tensor endToEnd(Tensor q, Tensor k, Tensor v, List<SideBySide> groups, DType type) {
    var parts = new ArrayList<Tensor>();
    long from = 0;
    for (var group : groups) {
      int length = group.positions();
      parts.add(
          group.join(
              kernels.attention(
                  group.lay(q.narrow(2, from, length)),
                  group.lay(k.narrow(2, from, length)),
                  group.lay(v.narrow(2, from, length)),
                  group.mask(),
                  type)));
      from += length;
    }
    return parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, 2);
  }

  private Tensor attend(Tensor q, KvCache.Past past, int cached, DType type) {
    int length = cached + (int) q.size(2);
    boolean single = q.size(2) == 1;
    var mask = AttentionMask.causal(cached);
    return switch (past) {
      case KvCache.Past.Computed(var keys, var values) when single ->
          kernels.queryAttention(q, keys, values, length).to(type);
      case KvCache.Past.Computed(var keys, var values) ->
          kernels.attention(q, keys.narrow(2, 0, length), values.narrow(2, 0, length), mask, type);
      case KvCache.Past.Int8(var keys, var values) when single ->
          kernels.queryAttention(q, keys, values, length).to(type);
      case KvCache.Past.Int8(var keys, var values) ->
          kernels.attention(q, keys, values, length, mask, type);
    };
  }

  /// [B, L, H·D] → [B, H, L, D]
  private Tensor heads(Tensor x, int heads) {
    return x.reshape(x.size(0), x.size(1), heads, config.headDim()).transpose(1, 2);
  }
}
