package io.plm4j.media.codec;

/// Gives a component that has fewer samples than the picture has pixels one for each pixel.
///
/// Where a component is halved, the new samples lie at a quarter and three quarters between the old
/// ones and are weighted so (libjpeg calls it fancy); other ratios repeat samples. The roundings
/// alternate as libjpeg's, to lean neither way.
final class JpegUpsampler {
  private final byte[] samples;
  private final int stride;
  private final int width;
  private final int height;
  private final int timesAcross;
  private final int timesDown;
  private final int[] column; // vertically weighted sums, four times a sample

  JpegUpsampler(JpegComponent component, JpegFrame frame) {
    samples = component.samples();
    stride = component.stride();
    width = component.width;
    height = component.height;
    timesAcross = frame.maxHorizontal() / component.horizontal;
    timesDown = frame.maxVertical() / component.vertical;
    column = new int[width];
  }

  /// @param y row of the picture
  /// @param row receives its samples; as long as the padded row
  void row(int y, int[] row) {
    boolean halvedAcross = timesAcross == 2 && width > 2;
    if (timesDown == 2 && timesAcross == 2 && halvedAcross) {
      weighRows(y, 0);
      spreadBoth(row);
    } else if (timesDown == 2 && timesAcross == 1) {
      weighRows(y, y % 2 == 0 ? 1 : 2);
      for (int x = 0; x < width; x++) {
        row[x] = column[x] >> 2;
      }
    } else if (timesDown == 1 && halvedAcross) {
      spreadAcross(y * stride, row);
    } else {
      repeat(y / timesDown * stride, row);
    }
  }

  /// Three parts of the nearer row, one of the further; beyond the edge the last row is repeated.
  private void weighRows(int y, int bias) {
    int near = y / 2;
    int far = Math.clamp(y % 2 == 0 ? near - 1 : near + 1, 0, height - 1);
    int a = near * stride;
    int b = far * stride;
    for (int x = 0; x < width; x++) {
      column[x] = 3 * (samples[a + x] & 0xFF) + (samples[b + x] & 0xFF) + bias;
    }
  }

  private void spreadBoth(int[] row) {
    int last = width - 1;
    row[0] = (column[0] * 4 + 8) >> 4;
    row[1] = (column[0] * 3 + column[1] + 7) >> 4;
    for (int x = 1; x < last; x++) {
      int three = column[x] * 3;
      row[2 * x] = (three + column[x - 1] + 8) >> 4;
      row[2 * x + 1] = (three + column[x + 1] + 7) >> 4;
    }
    row[2 * last] = (column[last] * 3 + column[last - 1] + 8) >> 4;
    row[2 * last + 1] = (column[last] * 4 + 7) >> 4;
  }

  private void spreadAcross(int at, int[] row) {
    int last = width - 1;
    row[0] = samples[at] & 0xFF;
    row[1] = (3 * (samples[at] & 0xFF) + (samples[at + 1] & 0xFF) + 2) >> 2;
    for (int x = 1; x < last; x++) {
      int three = 3 * (samples[at + x] & 0xFF);
      row[2 * x] = (three + (samples[at + x - 1] & 0xFF) + 1) >> 2;
      row[2 * x + 1] = (three + (samples[at + x + 1] & 0xFF) + 2) >> 2;
    }
    row[2 * last] = (3 * (samples[at + last] & 0xFF) + (samples[at + last - 1] & 0xFF) + 1) >> 2;
    row[2 * last + 1] = samples[at + last] & 0xFF;
  }

  private void repeat(int at, int[] row) {
    for (int x = 0, to = 0; x < width; x++) {
      int sample = samples[at + x] & 0xFF;
      for (int i = 0; i < timesAcross; i++) {
        row[to++] = sample;
      }
    }
  }
}
