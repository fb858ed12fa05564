package io.plm4j.media.codec;

/// Printing colours as Pillow turns them into light, without regard to any profile.
final class Ink {
  private Ink() {}

  /// The light that one colour's ink and the black leave.
  ///
  /// @param ink 255 is all of it
  /// @param paper 255 less the black ink
  static int left(int ink, int paper) {
    int product = ink * paper + 128;
    return Math.clamp(paper - (((product >> 8) + product) >> 8), 0, 255);
  }
}
