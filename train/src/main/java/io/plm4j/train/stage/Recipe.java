package io.plm4j.train.stage;

import io.plm4j.train.data.Format;
import java.util.OptionalDouble;

/// What a stage has beyond the settings of a fine-tuning run.
///
/// @param poolingRatio how many columns, and rows, of patch vectors are averaged to one
/// @param layerScaleInit what all gains of the tower's branches are set to before the stage; empty
///   to go on with those there are
/// @param format how conversations are written down
public record Recipe(
    int poolingRatio, OptionalDouble layerScaleInit, Format format, Decay decay) {
  /// Which weights decay.
  public enum Decay {
    /// All that learn, as in Meta's code.
    ALL,
    /// All but biases and norms, as in transformers.
    MATRICES
  }
}
