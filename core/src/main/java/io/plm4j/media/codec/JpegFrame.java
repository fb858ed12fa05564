package io.plm4j.media.codec;

/// The size of a JPEG picture and of the units in which its components are interleaved.
///
/// @param maxHorizontal the most samples that a component has across a unit, in blocks
/// @param maxVertical the same, down
record JpegFrame(int width, int height, int maxHorizontal, int maxVertical, boolean progressive) {
  int unitsAcross() {
    return Math.ceilDiv(width, 8 * maxHorizontal);
  }

  int unitsDown() {
    return Math.ceilDiv(height, 8 * maxVertical);
  }
}
