package io.plm4j.nano.look;

import java.awt.geom.Rectangle2D;
import java.util.List;

/// Something that can be named by where it is in a picture: a letter or a shape.
///
/// @param name what it is: a letter as it is, the name of a shape
/// @param bounds in the picture's pixels
public record Landmark(String name, Rectangle2D bounds) {
  /// What lies at the middle of each cell of a grid over the whole picture, row by row.
  ///
  /// @param cells across, and down
  /// @return one name a cell: of the smallest landmark around its middle, else of the one in it
  ///   that is nearest to its middle; empty where there is neither
  public static List<String> inCells(List<Landmark> landmarks, int width, int height, int cells) {
    double wide = width / (double) cells;
    double high = height / (double) cells;
    var names = new String[cells * cells];
    for (int i = 0; i < names.length; i++) {
      names[i] = named(landmarks, (i % cells + 0.5) * wide, (i / cells + 0.5) * high, wide, high);
    }
    return List.of(names);
  }

  private static String named(
      List<Landmark> landmarks, double x, double y, double wide, double high) {
    var name = "";
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
        name = landmark.name();
        least = measure;
        around |= holds;
      }
    }
    return name;
  }
}
