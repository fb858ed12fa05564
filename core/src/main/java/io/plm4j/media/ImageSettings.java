package io.plm4j.media;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.List;

/// How a checkpoint wants its pictures.
///
/// @param visionInput in how many pieces
/// @param tileSize side of a tile in pixels
/// @param maxTiles the most tiles, not counting the thumbnail
/// @param normalization how samples become numbers
/// @param bicubic whose arithmetic resizes
public record ImageSettings(
    VisionInput visionInput,
    int tileSize,
    int maxTiles,
    Normalization normalization,
    Bicubic bicubic) {
  /// A tile of 4096 pixels a side is 48 MiB; more is a damaged file.
  static final int MAX_TILE_SIZE = 4096;

  /// The search for an arrangement takes time with the square of this.
  static final int MAX_TILES = 1024;

  /// What the published checkpoints say.
  public static final ImageSettings DEFAULT =
      new ImageSettings(
          VisionInput.THUMB_AND_TILES, 448, 36, Normalization.DEFAULT, Bicubic.TORCHVISION_BYTES);

  public ImageSettings {
    check("tile_size", tileSize, MAX_TILE_SIZE);
    check("max_num_tiles", maxTiles, MAX_TILES);
  }

  private static void check(String what, int value, int max) {
    if (value < 1 || value > max) {
      throw new InputException("%s must be 1 to %d, got %d.".formatted(what, max, value));
    }
  }

  public ImageSettings withVisionInput(VisionInput other) {
    return new ImageSettings(other, tileSize, maxTiles, normalization, bicubic);
  }

  public ImageSettings withMaxTiles(int other) {
    return new ImageSettings(visionInput, tileSize, other, normalization, bicubic);
  }

  public ImageSettings withBicubic(Bicubic other) {
    return new ImageSettings(visionInput, tileSize, maxTiles, normalization, other);
  }

  /// How many tiles [#tiles] makes of a picture of this size, thumbnail included.
  public int tileCount(int width, int height) {
    return switch (visionInput) {
      case VANILLA -> 1;
      case THUMB_AND_TILES -> 1 + TileGrid.of(width, height, tileSize, maxTiles).count();
    };
  }

  /// The picture as the model sees it: stretched, its shape not kept, and cut.
  public Tiles tiles(Image picture) {
    var tiles = new ArrayList<>(cut(picture, new TileGrid(1, 1)));
    switch (visionInput) {
      case VANILLA -> {}
      case THUMB_AND_TILES ->
          tiles.addAll(
              cut(picture, TileGrid.of(picture.width(), picture.height(), tileSize, maxTiles)));
    }
    return new Tiles(tiles, tileSize, normalization);
  }

  private List<byte[]> cut(Image picture, TileGrid grid) {
    int size = tileSize;
    byte[][] tiles = new byte[grid.count()][3 * size * size];
    bicubic.resizeRows(
        picture,
        grid.columns() * size,
        grid.rows() * size,
        (channel, y, row) -> {
          int at = (channel * size + y % size) * size;
          for (int column = 0; column < grid.columns(); column++) {
            byte[] tile = tiles[y / size * grid.columns() + column];
            System.arraycopy(row, column * size, tile, at, size);
          }
        });
    return List.of(tiles);
  }
}
