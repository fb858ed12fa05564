package io.plm4j.region;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;

/// A rectangle in a picture, in pixels from its top left corner. It may reach beyond the picture.
///
/// @param left its left edge
/// @param top its upper edge
/// @param right its right edge, not less than the left one
/// @param bottom its lower edge, not less than the upper one
public record Box(double left, double top, double right, double bottom) {
  public Box {
    if (!(left <= right && top <= bottom)
        || Double.isInfinite(left)
        || Double.isInfinite(top)
        || Double.isInfinite(right)
        || Double.isInfinite(bottom)) {
      throw new InputException(
          "a box goes from left to right and from top to bottom, but this one goes from %s to %s and from %s to %s; wanted are x1,y1,x2,y2 in pixels"
              .formatted(left, right, top, bottom));
    }
  }

  /// The smallest box that holds two points.
  static Box between(double x1, double y1, double x2, double y2) {
    return new Box(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
  }

  /// Reads `x1,y1,x2,y2`.
  ///
  /// @throws InputException if these are not four numbers in this order
  public static Box parse(String text) {
    var parts = text.strip().split("\\s*,\\s*", -1);
    if (parts.length == 4) {
      try {
        return new Box(
            Double.parseDouble(parts[0]),
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            Double.parseDouble(parts[3]));
      } catch (NumberFormatException e) {
        // Said below.
      }
    }
    throw new InputException(
        "%s is no box; wanted are x1,y1,x2,y2 in pixels, such as 10,20,40,60"
            .formatted(Excerpt.of(text)));
  }
}
