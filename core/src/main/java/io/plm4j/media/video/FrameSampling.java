package io.plm4j.media.video;

import java.util.stream.IntStream;

/// Which frames stand for a whole video.
public enum FrameSampling {
  /// As transformers 5: frame `i * total / n` for the i-th of n, rounded down. The first frame is
  /// always among them, the last only if all are.
  TRANSFORMERS {
    @Override
    int[] indices(int first, int last, int count, double fps) {
      long total = last - first + 1L;
      int n = (int) Math.min(count, total);
      return IntStream.range(0, n).map(i -> first + (int) (i * total / n)).toArray();
    }
  },
  /// As Meta's own code: one frame a second, thinned out evenly where these are too many; where
  /// they are too few, the whole stretch divided evenly. First and last frame are always among
  /// them.
  ORIGINAL {
    @Override
    int[] indices(int first, int last, int count, double fps) {
      // Below half a frame a second Meta's stride is 0 and its code fails; every frame is meant.
      int stride = (int) Math.max(1, Math.rint(fps));
      int seconds = (last - first) / stride + 1;
      if (seconds >= count) {
        return spread(seconds - 1, count).map(i -> first + i * stride).toArray();
      }
      int n = Math.min(count, last - first + 1);
      return spread(last - first, n).map(i -> first + i).toArray();
    }
  };

  /// The frames to look at, ascending.
  ///
  /// @param first index of the first frame that may be taken
  /// @param last index of the last one
  /// @param count how many are wanted; fewer are taken if there are fewer
  /// @param fps frames a second on average
  abstract int[] indices(int first, int last, int count, double fps);

  /// `count` whole numbers from 0 to `last`, as even as rounding half to even makes them.
  private static IntStream spread(int last, int count) {
    return count == 1
        ? IntStream.of(0)
        : IntStream.range(0, count).map(i -> (int) Math.rint((double) i * last / (count - 1)));
  }
}
