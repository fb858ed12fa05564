package io.plm4j.train.learn;

/// The three parts of the model, which are trained or left as they are each for itself.
public enum Part {
  VISION,
  PROJECTOR,
  LANGUAGE;

  /// The part that a tensor belongs to.
  ///
  /// @param name as in Hugging Face's layout
  public static Part of(String name) {
    if (name.startsWith("model.vision_tower.")) {
      return VISION;
    }
    return name.startsWith("model.multi_modal_projector.") ? PROJECTOR : LANGUAGE;
  }
}
