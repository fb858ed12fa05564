package io.plm4j.language;

import io.plm4j.nn.RmsNorm;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;

/// One block of the decoder: attention, then feed-forward, each behind a norm and beside a
/// residual.
///
/// Shapes: x [B, L, E].
record DecoderLayer(
    RmsNorm attentionNorm,
    CausalAttention attention,
    RmsNorm feedForwardNorm,
    FeedForward feedForward) {
  static DecoderLayer of(DecoderConfig config, int layer, Weights weights) {
    return new DecoderLayer(
        RmsNorm.of(weights.at("input_layernorm"), config.hiddenSize(), config.normEps()),
        new CausalAttention(config, layer, weights.at("self_attn")),
        RmsNorm.of(weights.at("post_attention_layernorm"), config.hiddenSize(), config.normEps()),
        FeedForward.of(config, weights.at("mlp")));
  }

  boolean keepsRowsApart() {
    return attention.keepsRowsApart() && feedForward.keepsRowsApart();
  }

  Tensor forward(Tensor x, Rope.Turns turns, Sequences sequences) {
    try (var scope = Scope.open()) {
      var h = x.plus(attention.forward(attentionNorm.apply(x), turns, sequences));
      return scope.keep(h.plus(feedForward.forward(feedForwardNorm.apply(h))));
    }
  }
}
