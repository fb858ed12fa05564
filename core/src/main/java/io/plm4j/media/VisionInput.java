package io.plm4j.media;

/// In how many pieces the model sees a picture.
public enum VisionInput {
  /// The whole picture as one small tile, then the same picture enlarged and cut into tiles.
  THUMB_AND_TILES,
  /// One tile with the whole picture; for little memory, and what Meta's code does with several
  /// pictures.
  VANILLA
}
