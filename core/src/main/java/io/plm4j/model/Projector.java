package io.plm4j.model;

import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;

/// Takes the tower's vectors into the decoder's space: two linear layers on every patch, then the
/// mean over squares of `pooling` by `pooling` patches.
///
/// Shapes: T tiles, G patches a side, W tower width, E decoder width, R = G / pooling.
public record Projector(Linear linear1, Linear linear2, int side, int pooling) {
  public static Projector of(PlmConfig config, Weights weights) {
    int width = config.vision().width();
    int dim = config.decoder().hiddenSize();
    return new Projector(
        weights.linear("linear_1", width, dim),
        weights.linear("linear_2", dim, dim),
        config.vision().gridSide(),
        config.poolingRatio());
  }

  public Tensor forward(Tensor x) { // [T, G², W]
    try (var scope = Scope.open()) {
      var y = linear2.apply(linear1.apply(x).gelu()); // [T, G², E]
      if (pooling == 1) {
        return scope.keep(y);
      }
      int cells = side / pooling;
      var squares = y.reshape(y.size(0), cells, pooling, cells, pooling, y.size(2));
      return scope.keep(
          squares.mean(2, 4).reshape(y.size(0), (long) cells * cells, y.size(2))); // [T, R², E]
    }
  }
}
