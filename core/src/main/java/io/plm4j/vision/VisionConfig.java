package io.plm4j.vision;

import io.plm4j.json.JsonObject;

/// The shape of a Perception Encoder tower.
///
/// The tower has learned positions, a norm before the blocks and none after, and LayerScale in each
/// block; configurations without one of these are refused when they are read.
///
/// @param width of a patch's vector, W
/// @param depth number of blocks
/// @param heads number of attention heads; the head's width is a multiple of 4, because it holds
///   pairs for two directions
/// @param mlpHidden width inside the feed-forward
/// @param imageSize side of the square picture in pixels
/// @param patchSize side of a patch in pixels; divides `imageSize`
/// @param normEps what layer norms add to the variance
public record VisionConfig(
    int width,
    int depth,
    int heads,
    int mlpHidden,
    int imageSize,
    int patchSize,
    ClassToken classToken,
    double normEps,
    GridRope rope) {

  /// Larger sizes are mistakes: products of two of these, times 8 bytes, stay inside a long.
  static final int MAX_SIZE = 1 << 20;

  /// The deepest published encoder has 50 blocks.
  static final int MAX_DEPTH = 1024;

  public VisionConfig {
    requireSize("embed_dim", width, MAX_SIZE);
    requireSize("depth", depth, MAX_DEPTH);
    requireSize("num_heads", heads, MAX_SIZE);
    requireSize("embed_dim * mlp_ratio", mlpHidden, MAX_SIZE);
    requireSize("img_size", imageSize, 1 << 14);
    requireSize("patch_size", patchSize, 1 << 10);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "embed_dim %d is not a multiple of num_heads %d".formatted(width, heads));
    }
    if (width / heads % 4 != 0) {
      throw new IllegalArgumentException(
          "the width of a head, %d, is not a multiple of 4, which the two-dimensional rotary embedding needs"
              .formatted(width / heads));
    }
    if (imageSize % patchSize != 0) {
      throw new IllegalArgumentException(
          "img_size %d is not a multiple of patch_size %d".formatted(imageSize, patchSize));
    }
    if (!(normEps > 0 && normEps < 1)) {
      throw new IllegalArgumentException(
          "the norm's eps %s is not between 0 and 1".formatted(normEps));
    }
  }

  /// Reads a `vision_config` of model type `timm_wrapper`: the architecture's own values,
  /// overridden by `model_args`.
  public static VisionConfig read(JsonObject vision) {
    return TimmConfig.read(vision);
  }

  /// Width of an attention head.
  public int headDim() {
    return width / heads;
  }

  /// Columns and rows of the grid of patches.
  public int gridSide() {
    return imageSize / patchSize;
  }

  /// Patches of a picture, and vectors that the tower gives for it.
  public int patches() {
    return gridSide() * gridSide();
  }

  /// Tokens inside the tower: the patches, and the class token where there is one.
  public int tokens() {
    return patches() + classToken.count();
  }

  private static void requireSize(String key, int size, int max) {
    if (size < 1 || size > max) {
      throw new IllegalArgumentException(
          "%s is %d; wanted an integer from 1 to %d".formatted(key, size, max));
    }
  }
}
