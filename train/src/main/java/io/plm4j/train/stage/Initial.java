package io.plm4j.train.stage;

import io.plm4j.checkpoint.Shape;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;

/// What the tensors of a new model begin with.
///
/// Source: `facebookresearch/perception_models`. Its laws are kept where it states one. Where it
/// leaves the tower to torch's defaults, the patches keep theirs, uniform within one over the root
/// of the inputs; the matrices are Xavier-uniform, as the tower's own qkv, and biases 0.
final class Initial {
  private static final double CUT = 3;

  private final PlmConfig config;
  private final double layerScale;

  /// @param layerScale what the gains of the tower's residual branches begin with
  Initial(PlmConfig config, double layerScale) {
    this.config = config;
    this.layerScale = layerScale;
  }

  /// @param name as in [HfNames]
  /// @param shape that it has
  Draw of(String name, Shape shape) {
    if (name.startsWith(HfNames.TOWER)) {
      return tower(name.substring(HfNames.TOWER.length()), shape);
    }
    double width = config.decoder().hiddenSize();
    if (name.startsWith(HfNames.PROJECTOR)) {
      return projector();
    }
    if (shape.rank() == 1) {
      return new Draw.Constant(1); // a norm's gains
    }
    boolean out = name.endsWith("down_proj.weight");
    return truncated(out ? config.decoder().intermediateSize() : width);
  }

  /// Of weights and biases.
  private Draw projector() {
    return truncated(config.decoder().hiddenSize());
  }

  private static Draw truncated(double size) {
    return new Draw.TruncatedNormal(1 / Math.sqrt(size), CUT);
  }

  private Draw tower(String name, Shape shape) {
    if (name.equals("cls_token") || name.equals("pos_embed")) {
      return new Draw.Normal(1 / Math.sqrt(config.vision().width()));
    }
    if (name.endsWith("gamma_1") || name.endsWith("gamma_2")) {
      return new Draw.Constant(layerScale);
    }
    if (name.endsWith(".bias")) {
      return new Draw.Constant(0);
    }
    if (shape.rank() == 1) {
      return new Draw.Constant(1); // a norm's gains
    }
    long rows = shape.sizes().getFirst();
    long columns = shape.elements() / rows;
    return shape.rank() == 4
        ? new Draw.Uniform(1 / Math.sqrt(columns))
        : new Draw.Uniform(Math.sqrt(6.0 / (rows + columns)));
  }
}
