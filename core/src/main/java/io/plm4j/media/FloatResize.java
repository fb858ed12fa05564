package io.plm4j.media;

import java.util.Arrays;

/// Bicubic resize in 32-bit floats: across, then down, rounded half to even at the end.
final class FloatResize {
  private final byte[] source; // [H, W, 3]
  private final int sourceWidth;
  private final int width;
  private final int height;
  private final FloatAxisWeights across;
  private final FloatAxisWeights down;
  private final int topRow;
  private final int middleRows;

  FloatResize(Image picture, int width, int height) {
    this.source = picture.bytes();
    this.sourceWidth = picture.width();
    this.width = width;
    this.height = height;
    across = FloatAxisWeights.of(picture.width(), width);
    down = FloatAxisWeights.of(picture.height(), height);
    topRow = down.first()[0];
    middleRows = down.end() - topRow;
  }

  void run(Bicubic.RowSink sink) {
    float[][] middle = new float[3][Math.multiplyExact(middleRows, width)]; // [3, rows, width]
    Bicubic.inBands(middleRows, (from, to) -> goAcross(middle, from, to));
    Bicubic.inBands(height, (from, to) -> goDown(middle, from, to, sink));
  }

  private void goAcross(float[][] middle, int from, int to) {
    for (int y = from; y < to; y++) {
      int row = (topRow + y) * sourceWidth * 3;
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          int at = row + across.first()[x] * 3 + channel;
          int tap = x * across.taps();
          float sum = 0;
          for (int j = 0; j < across.count()[x]; j++) {
            sum = Math.fma((float) (source[at + 3 * j] & 0xFF), across.weights()[tap + j], sum);
          }
          middle[channel][y * width + x] = sum;
        }
      }
    }
  }

  private void goDown(float[][] middle, int from, int to, Bicubic.RowSink sink) {
    float[] sums = new float[width];
    byte[] row = new byte[width];
    for (int y = from; y < to; y++) {
      for (int channel = 0; channel < 3; channel++) {
        Arrays.fill(sums, 0);
        for (int j = 0; j < down.count()[y]; j++) {
          int at = (down.first()[y] - topRow + j) * width;
          float weight = down.weights()[y * down.taps() + j];
          float[] samples = middle[channel];
          for (int x = 0; x < width; x++) {
            sums[x] = Math.fma(samples[at + x], weight, sums[x]);
          }
        }
        for (int x = 0; x < width; x++) {
          row[x] = (byte) Math.rint(Math.clamp(sums[x], 0f, 255f));
        }
        sink.accept(channel, y, row);
      }
    }
  }
}
