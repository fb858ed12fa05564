package io.plm4j.vision;

import io.plm4j.nn.LayerNorm;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The Perception Encoder: a vision transformer with learned and rotary positions, and no norm at
/// its end.
///
/// Shapes: T tiles, S side of a tile in pixels, P patch side, G patches a side, N tokens (G² and
/// the class token), W width.
///
/// Source: Bolya et al. 2025, Perception Encoder; the tower of the published models stops before
/// PE's last blocks.
public final class VisionTower {
  private final VisionConfig config;
  private final Tensor patchWeight; // [W, 3, P, P]
  private final Tensor classToken; // [1, 1, W], empty where the tower has none
  private final Tensor positions; // [1, N, W]
  private final LayerNorm normPre;
  private final List<VisionBlock> blocks = new ArrayList<>();
  private final Tensor turns; // [N, D/2, 2]

  /// @param weights at `model.vision_tower.timm_model`
  /// @param owner keeps the table of rotary positions alive
  public VisionTower(VisionConfig config, Weights weights, io.plm4j.tensor.Owner owner) {
    this.config = config;
    int width = config.width();
    int patch = config.patchSize();
    patchWeight = weights.tensor("patch_embed.proj.weight", width, 3, patch, patch);
    positions = weights.tensor("pos_embed", 1, config.tokens(), width);
    classToken =
        switch (config.classToken()) {
          case PRESENT -> weights.tensor("cls_token", 1, 1, width);
          case ABSENT -> owner.hold(positions.narrow(1, 0, 0));
        };
    normPre = LayerNorm.of(weights.at("norm_pre"), width, config.normEps());
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(new VisionBlock(config, weights.at("blocks").at(i)));
    }
    turns = owner.hold(GridTurns.of(config));
  }

  /// Encodes tiles, each for itself.
  ///
  /// @param pixels [T, 3, S, S], normalised, in the type of the weights
  /// @return a vector a patch, row by row, without the class token: [T, G², W]
  public Tensor forward(Tensor pixels) {
    try (var scope = Scope.open()) {
      var x = embed(pixels);
      for (var block : blocks) {
        x = block.forward(x, turns, Residual.PLAIN);
      }
      return scope.keep(patchesOf(x));
    }
  }

  /// The vectors that the blocks begin with: [T, 3, S, S] → [T, N, W].
  public Tensor embed(Tensor pixels) {
    try (var scope = Scope.open()) {
      long tiles = pixels.size(0);
      var x = patches(pixels).linear(patchWeight.reshape(config.width(), -1), null); // [T, G², W]
      x = Tensor.cat(List.of(classToken.expand(tiles, -1, -1), x), 1).plus(positions);
      return scope.keep(normPre.apply(x));
    }
  }

  /// The blocks one by one, for learning. Shapes: [T, N, W] in and out.
  ///
  /// @param residual asked for each block's number, from 0, before it runs
  public List<UnaryOperator<Tensor>> blocks(IntFunction<Residual> residual) {
    return IntStream.range(0, blocks.size())
        .<UnaryOperator<Tensor>>mapToObj(
            i -> x -> blocks.get(i).forward(x, turns, residual.apply(i)))
        .toList();
  }

  /// What the blocks made of the patches, without the class token: [T, N, W] → [T, G², W].
  public Tensor patchesOf(Tensor x) {
    return x.narrow(1, config.classToken().count(), config.patches());
  }

  /// Cuts tiles into patches: [T, 3, S, S] → [T, G², 3·P·P], each patch channel by channel and row
  /// by row. With it, a convolution whose stride is its size becomes a matrix product.
  private Tensor patches(Tensor pixels) {
    int side = config.gridSide();
    int patch = config.patchSize();
    return pixels
        .reshape(pixels.size(0), 3, side, patch, side, patch)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(pixels.size(0), config.patches(), 3L * patch * patch);
  }

  public VisionConfig config() {
    return config;
  }
}
