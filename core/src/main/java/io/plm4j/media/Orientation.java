package io.plm4j.media;

/// What becomes of the turn or mirroring that a camera noted in a picture's EXIF data.
public enum Orientation {
  /// The pixels stay as the file has them. Meta's code and a plain `Image.open` in Pillow do so.
  AS_STORED,
  /// The picture is turned and mirrored until it stands upright, as viewers show it.
  APPLY_EXIF
}
