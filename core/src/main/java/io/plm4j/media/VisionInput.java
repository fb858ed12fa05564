package io.plm4j.media;

import java.util.Arrays;
import java.util.Optional;

/// In how many pieces the model sees a picture.
public enum VisionInput {
  /// The whole picture as one small tile, then the same picture enlarged and cut into tiles.
  THUMB_AND_TILES("thumb+tile"),
  /// One tile with the whole picture; for little memory, and what Meta's code does with several
  /// pictures.
  VANILLA("vanilla");

  private final String label;

  VisionInput(String label) {
    this.label = label;
  }

  /// As the models' files have it under `vision_input_type`.
  public String label() {
    return label;
  }

  /// The one that files call so.
  public static Optional<VisionInput> named(String label) {
    return Arrays.stream(values()).filter(input -> input.label.equals(label)).findFirst();
  }
}
