package io.plm4j.media;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The square pieces in which the model sees a picture: with `thumb+tile` the whole picture first,
/// then its tiles row by row; with `vanilla` only the whole picture.
///
/// Kept as bytes, a quarter of what the model's numbers take; they are made when they are asked
/// for.
public final class Tiles {
  private final List<byte[]> tiles; // [3, size, size] each
  private final int size;
  private final Normalization normalization;

  Tiles(List<byte[]> tiles, int size, Normalization normalization) {
    this.tiles = List.copyOf(tiles);
    this.size = size;
    this.normalization = normalization;
  }

  public int count() {
    return tiles.size();
  }

  /// Side of a tile in pixels.
  public int size() {
    return size;
  }

  /// Numbers in one tile: three channels of `size` x `size`.
  public int floatsPerTile() {
    return 3 * size * size;
  }

  /// Writes the numbers that the model takes, `[toTile - fromTile, 3, size, size]` in row-major
  /// order, at the buffer's position.
  ///
  /// @param fromTile the first tile
  /// @param toTile one past the last tile
  public void writeNormalized(int fromTile, int toTile, FloatBuffer out) {
    Objects.checkFromToIndex(fromTile, toTile, count());
    long floats = (long) (toTile - fromTile) * floatsPerTile();
    if (out.remaining() < floats) {
      throw new IllegalArgumentException(
          "%d tiles of %d x %d need room for %d floats, the buffer has %d."
              .formatted(toTile - fromTile, size, size, floats, out.remaining()));
    }
    float[][] tables = {normalization.table(0), normalization.table(1), normalization.table(2)};
    int plane = size * size;
    float[] row = new float[size];
    for (byte[] tile : tiles.subList(fromTile, toTile)) {
      for (int at = 0; at < tile.length; at += size) {
        float[] table = tables[at / plane];
        for (int x = 0; x < size; x++) {
          row[x] = table[tile[at + x] & 0xFF];
        }
        out.put(row);
      }
    }
  }

  /// Saves a tile as it is before normalisation, to look at.
  public void writePng(int tile, Path file) {
    Objects.checkIndex(tile, count());
    BufferedImages.writePng(BufferedImages.fromPlanes(tiles.get(tile), size), file);
  }

  /// The samples of a tile, `[3, size, size]`; not to be changed.
  byte[] bytes(int tile) {
    return tiles.get(tile);
  }
}
