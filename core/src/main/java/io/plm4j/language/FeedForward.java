package io.plm4j.language;

import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Tensor;

/// The gated feed-forward of Llama: `down(silu(gate(x)) · up(x))`. Shapes: x [B, L, E], F inside.
record FeedForward(Linear gate, Linear up, Linear down) {
  static FeedForward of(DecoderConfig config, Weights weights) {
    int dim = config.hiddenSize();
    int inner = config.intermediateSize();
    return new FeedForward(
        weights.linearWithoutBias("gate_proj", dim, inner),
        weights.linearWithoutBias("up_proj", dim, inner),
        weights.linearWithoutBias("down_proj", inner, dim));
  }

  boolean keepsRowsApart() {
    return gate.keepsRowsApart() && up.keepsRowsApart() && down.keepsRowsApart();
  }

  Tensor forward(Tensor x) {
    return down.apply(gate.apply(x).silu().times(up.apply(x)));
  }
}
