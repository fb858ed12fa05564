package io.plm4j.media;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How many tiles a picture is cut into, across and down.
///
/// The search is Llama 3's dynamic tiling as PLM uses it: among the arrangements whose canvas holds
/// the whole picture, the one on which it can be shown largest; if none holds it, the one whose
/// shape is nearest. A small picture is therefore enlarged to (nearly) the most tiles there are.
///
/// @param columns tiles across
/// @param rows tiles down
public record TileGrid(int columns, int rows) {
  public TileGrid {
    if (columns < 1 || rows < 1) {
      throw new InputException(
          "A tile grid needs at least one column and one row, got %d x %d."
              .formatted(columns, rows));
    }
  }

  public int count() {
    return columns * rows;
  }

  /// The grid for a picture.
  ///
  /// @param width of the picture in pixels
  /// @param height of the picture in pixels
  /// @param tileSize side of a tile in pixels
  /// @param maxTiles the most tiles there may be, not counting the thumbnail
  public static TileGrid of(int width, int height, int tileSize, int maxTiles) {
    if (width < 1 || height < 1 || tileSize < 1 || maxTiles < 1) {
      throw new InputException(
          "Tiling needs positive sizes, got a picture of %d x %d, tile size %d and at most %d tiles."
              .formatted(width, height, tileSize, maxTiles));
    }
    var arrangements = arrangementsByRatio(maxTiles);
    TileGrid best = null;
    double bestSide = 0;
    for (var alike : arrangements.values()) {
      for (var grid : alike) {
        if ((long) grid.columns * tileSize >= width && (long) grid.rows * tileSize >= height) {
          double side = grid.shownSide(width, height, tileSize);
          if (best == null || side >= bestSide) { // of equals the later one wins
            best = grid;
            bestSide = side;
          }
        }
      }
    }
    return best != null ? best : nearestShape((double) width / height, arrangements);
  }

  /// Every columns x rows with at most `maxTiles` tiles, grouped by columns / rows. The order
  /// decides ties: ratios as they first occur when the tile count falls from `maxTiles` to 1 and
  /// the columns rise through its divisors.
  private static Map<Double, List<TileGrid>> arrangementsByRatio(int maxTiles) {
    var byRatio = new LinkedHashMap<Double, List<TileGrid>>();
    for (int tiles = maxTiles; tiles >= 1; tiles--) {
      for (int columns = 1; columns <= tiles; columns++) {
        if (tiles % columns == 0) {
          int rows = tiles / columns;
          byRatio
              .computeIfAbsent((double) columns / rows, _ -> new ArrayList<>())
              .add(new TileGrid(columns, rows));
        }
      }
    }
    return byRatio;
  }

  /// The shorter side that the picture would have if it filled this canvas with its shape kept. The
  /// rounding is the reference's, which floors only that side.
  private double shownSide(int width, int height, int tileSize) {
    double shape = (double) width / height;
    double scale =
        Math.min(
            (double) ((long) columns * tileSize) / width,
            (double) ((long) rows * tileSize) / height);
    if (shape > 1.0) {
      return Math.floor(scale * width / shape);
    }
    double shownHeight = scale * height;
    return shape < 1.0 ? Math.floor(shownHeight * shape) : shownHeight;
  }

  private static TileGrid nearestShape(
      double shape, Map<Double, List<TileGrid>> arrangementsByRatio) {
    boolean wide = shape >= 1;
    double nearest = 1;
    double distance = Double.POSITIVE_INFINITY;
    for (double ratio : arrangementsByRatio.keySet()) {
      boolean candidate = wide ? ratio <= shape : ratio > shape;
      double d = wide ? Math.abs(ratio - shape) : Math.abs(1 / ratio - 1 / shape);
      if (candidate && d < distance) {
        nearest = ratio;
        distance = d;
      }
    }
    TileGrid largest = new TileGrid(1, 1);
    for (var grid : arrangementsByRatio.getOrDefault(nearest, List.of())) {
      if (grid.count()
          > largest.count()) { // of one shape, most tiles is most columns and most rows
        largest = grid;
      }
    }
    return largest;
  }
}
