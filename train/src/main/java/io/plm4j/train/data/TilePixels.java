package io.plm4j.train.data;

import io.plm4j.media.Tiles;
import io.plm4j.model.Pixels;
import java.nio.FloatBuffer;

/// The tiles of a picture or video as the model takes them.
record TilePixels(Tiles tiles) implements Pixels {
  @Override
  public int count() {
    return tiles.count();
  }

  @Override
  public void write(int from, int to, FloatBuffer out) {
    tiles.writeNormalized(from, to, out);
  }
}
