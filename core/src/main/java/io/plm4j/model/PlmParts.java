package io.plm4j.model;

import io.plm4j.language.Decoder;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Owner;
import io.plm4j.vision.VisionTower;

/// The three parts of the model over their weights.
public record PlmParts(PlmConfig config, VisionTower vision, Projector projector, Decoder decoder) {

  /// Where the parts find their weights, which may compute in different ways: what is not trained
  /// can use the kernels that are made for answering.
  ///
  /// @param vision a root of all weights, of which the tower's are asked for
  /// @param rest a root of all weights, of which the others are asked for
  public record Roots(Weights vision, Weights rest) {}

  /// @param owner keeps what the parts make of their weights alive
  public static PlmParts of(PlmConfig config, Roots roots, Owner owner) {
    var model = roots.rest().at("model");
    return new PlmParts(
        config,
        new VisionTower(
            config.vision(), roots.vision().at("model").at("vision_tower").at("timm_model"), owner),
        Projector.of(config, model.at("multi_modal_projector")),
        new Decoder(config.decoder(), model.at("language_model"), roots.rest()));
  }
}
