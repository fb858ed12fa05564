package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.TileGrid;

/// A picture for timing: its content does not matter, its number of tiles does.
final class DrawnPicture {
  private DrawnPicture() {}

  /// A picture that is cut into exactly so many tiles: as many pixels as the tiles have, in the
  /// arrangement nearest to a square.
  static Image withTiles(int tiles, int tileSize) {
    int rows = (int) Math.sqrt(tiles);
    while (tiles % rows != 0) {
      rows--;
    }
    int columns = tiles / rows;
    if (TileGrid.of(columns * tileSize, rows * tileSize, tileSize, tiles).count() != tiles) {
      throw new InputException("--tiles %d: no picture has so many tiles.".formatted(tiles));
    }
    return draw(columns * tileSize, rows * tileSize);
  }

  /// Slow colour gradients with circles.
  private static Image draw(int width, int height) {
    var rgb = new byte[width * height * 3];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean circle = Math.hypot(x % 97 - 48, y % 89 - 44) < 30;
        rgb[at++] = (byte) (255 * x / width);
        rgb[at++] = (byte) (255 * y / height);
        rgb[at++] = (byte) (circle ? 230 : 40);
      }
    }
    return Image.ofRgb(width, height, rgb);
  }
}
