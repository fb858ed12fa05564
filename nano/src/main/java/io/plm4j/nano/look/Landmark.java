package io.plm4j.nano.look;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that can be named by where it is in a picture: a letter or a shape.
///
/// @param name what it is: a letter as it is, the name of a shape
/// @param bounds in the picture's pixels
public record Landmark(String name, Rectangle2D bounds, Color color) {
  /// What lies at the middle of each cell of a grid over the whole picture, row by row.
  ///
  /// @param cells across, and down
  /// @return one a cell: the smallest landmark around its middle, else the one in it that is
  ///   nearest to its middle; null where there is neither
  public static List<@Nullable Landmark> inCells(
      List<Landmark> landmarks, int width, int height, int cells) {
    double wide = width / (double) cells;
    double high = height / (double) cells;
    var found = new ArrayList<@Nullable Landmark>();
    for (int i = 0; i < cells * cells; i++) {
      found.add(in(landmarks, (i % cells + 0.5) * wide, (i / cells + 0.5) * high, wide, high));
    }
    return found;
  }

  private static @Nullable Landmark in(
      List<Landmark> landmarks, double x, double y, double wide, double high) {
    Landmark best = null;
    double least = Double.POSITIVE_INFINITY;
    boolean around = false;
    for (var landmark : landmarks) {
      var bounds = landmark.bounds();
      double across = Math.abs(bounds.getCenterX() - x);
      double down = Math.abs(bounds.getCenterY() - y);
      boolean holds = across <= bounds.getWidth() / 2 && down <= bounds.getHeight() / 2;
      boolean near = across <= wide / 2 && down <= high / 2;
      double measure =
          holds ? bounds.getWidth() * bounds.getHeight() : Math.hypot(across / wide, down / high);
      if (holds && !around || (holds || near && !around) && measure < least) {
        best = landmark;
        least = measure;
        around |= holds;
      }
    }
    return best;
  }
}
