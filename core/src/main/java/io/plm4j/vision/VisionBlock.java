package io.plm4j.vision;

import io.plm4j.nn.LayerNorm;
import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;

/// One block of the tower: attention over all patches of a tile, then a feed-forward; each behind a
/// layer norm, scaled by a learned gain a channel (LayerScale) and beside a residual.
///
/// Shapes: T tiles, N tokens a tile, W width, H heads, D head dim.
final class VisionBlock {
  private final VisionConfig config;
  private final LayerNorm norm1;
  private final Linear qkv;
  private final Linear proj;
  private final Tensor gamma1;
  private final LayerNorm norm2;
  private final Linear fc1;
  private final Linear fc2;
  private final Tensor gamma2;
  private final Kernels kernels;

  VisionBlock(VisionConfig config, Weights weights) {
    this.config = config;
    int width = config.width();
    norm1 = LayerNorm.of(weights.at("norm1"), width, config.normEps());
    qkv = weights.at("attn").linear("qkv", width, 3L * width);
    proj = weights.at("attn").linear("proj", width, width);
    gamma1 = weights.tensor("gamma_1", width);
    norm2 = LayerNorm.of(weights.at("norm2"), width, config.normEps());
    fc1 = weights.at("mlp").linear("fc1", width, config.mlpHidden());
    fc2 = weights.at("mlp").linear("fc2", config.mlpHidden(), width);
    gamma2 = weights.tensor("gamma_2", width);
    kernels = weights.kernels();
  }

  Tensor forward(Tensor x, Tensor turns, Residual residual) { // [T, N, W]
    try (var scope = Scope.open()) {
      var h = residual.join(x, attention(norm1.apply(x), turns), gamma1);
      return scope.keep(residual.join(h, fc2.apply(fc1.apply(norm2.apply(h)).gelu()), gamma2));
    }
  }

  private Tensor attention(Tensor x, Tensor turns) {
    var split = qkv.apply(x).reshape(x.size(0), x.size(1), 3, config.heads(), config.headDim());
    var q = split.select(2, 0).transpose(1, 2).rotatePairs(turns); // [T, H, N, D]
    var k = split.select(2, 1).transpose(1, 2).rotatePairs(turns);
    var v = split.select(2, 2).transpose(1, 2);
    var y = kernels.attention(q, k, v, AttentionMask.full(), x.dtype());
    return proj.apply(y.transpose(1, 2).reshape(x.shape())); // [T, N, W]
  }
}
