package io.plm4j.train.learn;

import io.plm4j.model.Pixels;
import io.plm4j.train.data.Example;
import java.nio.FloatBuffer;
import java.util.List;

/// The tiles of several media, one after another.
record AllPixels(List<Pixels> media) implements Pixels {
  static AllPixels of(List<Example.Media> media) {
    return new AllPixels(media.stream().map(medium -> medium.pixels().get()).toList());
  }

  @Override
  public int count() {
    return media.stream().mapToInt(Pixels::count).sum();
  }

  /// Writes the numbers of tiles `from` to `to`, which may be of different media.
  @Override
  public void write(int from, int to, FloatBuffer out) {
    int first = 0;
    for (var pixels : media) {
      int last = first + pixels.count();
      int begin = Math.max(from, first);
      int end = Math.min(to, last);
      if (begin < end) {
        pixels.write(begin - first, end - first, out);
      }
      first = last;
    }
  }
}
