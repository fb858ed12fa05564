package io.plm4j.model;

import io.plm4j.language.DecoderConfig;

/// How much there is to do in each phase of an answer: floating-point operations, where a product
/// and a sum are two, and bytes that must be read at least. Counted from the configuration; norms,
/// activations and rotations, below one part in a hundred, are left out.
///
/// Shapes: N tokens of a tile in the tower, W its width, H inside its feed-forward; E decoder
/// width, F inside its feed-forward, L tokens.
public record Work(PlmConfig config) {
  /// A product and a sum.
  private static final double EACH = 2;

  /// Operations to turn tiles into what the decoder takes.
  public double visionFlops(int tiles) {
    var vision = config.vision();
    double tokens = vision.tokens();
    double width = vision.width();
    double attention = 2 * EACH * tokens * tokens * width; // scores, and their mean of values
    double pixels = 3.0 * vision.patchSize() * vision.patchSize();
    return tiles
        * (EACH * vision.patches() * pixels * width
            + vision.depth() * (EACH * tokens * towerBlock() + attention)
            + EACH * vision.patches() * projector());
  }

  /// Numbers of the tower and the projector that are multiplied with; each is read once for a batch
  /// of tiles.
  public double visionNumbers() {
    var vision = config.vision();
    double pixels = 3.0 * vision.patchSize() * vision.patchSize();
    return pixels * vision.width() + vision.depth() * towerBlock() + projector();
  }

  private double towerBlock() {
    double width = config.vision().width();
    return 4 * width * width + 2 * width * config.vision().mlpHidden();
  }

  private double projector() {
    double dim = config.decoder().hiddenSize();
    return config.vision().width() * dim + dim * dim;
  }

  /// Operations to read a prompt into an empty cache, up to the scores of the next token.
  public double prefillFlops(int tokens) {
    // Each token looks at those before it and at itself: half of a square and half of its side.
    double pairs = tokens * (tokens + 1.0) / 2;
    return EACH * tokens * layers() + 2 * EACH * pairs * queries() + EACH * head();
  }

  /// Operations to make a token.
  ///
  /// @param positions in the cache, its own included
  public double decodeFlops(int positions) {
    return EACH * (layers() + head()) + 2 * EACH * positions * queries();
  }

  /// Numbers of the decoder that are read to make a token, those of the cache left out.
  public double decoderNumbers() {
    return layers() + head();
  }

  /// All layers' products.
  private double layers() {
    var decoder = config.decoder();
    double dim = decoder.hiddenSize();
    double heads = (double) decoder.heads() * decoder.headDim();
    double keys = (double) decoder.kvHeads() * decoder.headDim();
    return decoder.layers()
        * (2 * dim * heads + 2 * dim * keys + 3 * dim * decoder.intermediateSize());
  }

  /// Width of all query heads of all layers.
  private double queries() {
    var decoder = config.decoder();
    return (double) decoder.layers() * decoder.heads() * decoder.headDim();
  }

  private double head() {
    DecoderConfig decoder = config.decoder();
    return (double) decoder.vocabSize() * decoder.hiddenSize();
  }
}
