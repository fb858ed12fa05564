package io.plm4j.nano.look;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that can be named by where it is in a picture: a letter or a shape.
///
/// @param name what it is: a letter as it is, the name of a shape
/// @param bounds in the picture's pixels
public record Landmark(String name, Rectangle2D bounds, Color color) {
  /// What has its middle in each cell of a grid over the whole picture, row by row.
  ///
  /// A thing is in one cell only, however many it covers, so that who counts or reads cells in
  /// their order has each thing once.
  ///
  /// @param cells across, and down
  /// @return one a cell: the landmark whose middle is nearest to the cell's; null where there is
  ///   none
  public static List<@Nullable Landmark> inCells(
      List<Landmark> landmarks, int width, int height, int cells) {
    double wide = width / (double) cells;
    double high = height / (double) cells;
    var found = new ArrayList<@Nullable Landmark>(Collections.nCopies(cells * cells, null));
    var distances = new double[cells * cells];
    for (var landmark : landmarks) {
      double x = landmark.bounds().getCenterX() / wide;
      double y = landmark.bounds().getCenterY() / high;
      int column = (int) Math.floor(x);
      int row = (int) Math.floor(y);
      if (column < 0 || column >= cells || row < 0 || row >= cells) {
        continue;
      }
      int cell = row * cells + column;
      double distance = Math.hypot(x - column - 0.5, y - row - 0.5);
      if (found.get(cell) == null || distance < distances[cell]) {
        found.set(cell, landmark);
        distances[cell] = distance;
      }
    }
    return found;
  }
}
