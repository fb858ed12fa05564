package io.plm4j.train.stage;

/// Learned positions of a grid of patches, brought to a grid of another size.
final class PositionTable {
  private PositionTable() {}

  /// Interpolates bilinearly between the patches' centres, as torch's `interpolate` does with
  /// `align_corners=False`; the rows in front, such as the class token's, are kept.
  ///
  /// @param table rows of `width` numbers: `kept` rows, then `from` times `from` patches row by row
  /// @return the same for `to` times `to` patches
  static float[] resize(float[] table, int width, int kept, int from, int to) {
    var resized = new float[(kept + to * to) * width];
    System.arraycopy(table, 0, resized, 0, kept * width);
    for (int y = 0; y < to; y++) {
      var rows = Between.of(y, from, to);
      for (int x = 0; x < to; x++) {
        var columns = Between.of(x, from, to);
        int at = (kept + y * to + x) * width;
        for (int i = 0; i < width; i++) {
          float upper = columns.mix(table, (kept + rows.before() * from) * width + i, width);
          float lower = columns.mix(table, (kept + rows.after() * from) * width + i, width);
          resized[at + i] = (1 - rows.share()) * upper + rows.share() * lower;
        }
      }
    }
    return resized;
  }

  /// A place between two neighbours.
  ///
  /// @param share of the one after
  private record Between(int before, int after, float share) {
    static Between of(int index, int from, int to) {
      float scale = (float) from / to;
      float place = Math.max(0, scale * (index + 0.5f) - 0.5f);
      int before = Math.min((int) place, from - 1);
      return new Between(before, Math.min(before + 1, from - 1), place - before);
    }

    float mix(float[] table, int row, int width) {
      return (1 - share) * table[row + before * width] + share * table[row + after * width];
    }
  }
}
