package io.plm4j.vision;

import io.plm4j.tensor.Tensor;

/// Rotary positions in two dimensions: the first half of a head turns with a patch's column, the
/// second with its row, in adjacent pairs. The class token does not turn.
///
/// Source: the Perception Encoder's Rope2D, Meta 2025; the bands are `theta^(-j/n)` with n = D/4.
final class GridTurns {
  private GridTurns() {}

  /// Cosines and sines a token and pair, [N, D/2, 2], the class token first where there is one.
  static Tensor of(VisionConfig config) {
    int side = config.gridSide();
    int bands = config.headDim() / 4;
    var turns = new float[config.tokens() * bands * 4];
    int at = 0;
    for (int token = 0; token < config.classToken().count(); token++) {
      for (int pair = 0; pair < 2 * bands; pair++) {
        turns[at] = 1;
        at += 2;
      }
    }
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        at = put(turns, at, position(config, x), config.rope().theta(), bands);
        at = put(turns, at, position(config, y), config.rope().theta(), bands);
      }
    }
    return Tensor.of(turns, config.tokens(), 2L * bands, 2);
  }

  private static float position(VisionConfig config, int index) {
    var rope = config.rope();
    return (float) ((index + rope.offset()) / config.gridSide() * rope.referenceSide());
  }

  private static int put(float[] turns, int from, float position, double theta, int bands) {
    int at = from;
    for (int j = 0; j < bands; j++) {
      float band = (float) (1 / Math.pow(theta, (double) j / bands));
      float angle = position * band;
      turns[at++] = (float) Math.cos(angle);
      turns[at++] = (float) Math.sin(angle);
    }
    return at;
  }
}
