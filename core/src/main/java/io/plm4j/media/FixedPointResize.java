package io.plm4j.media;

import java.util.Arrays;

/// Bicubic resize in integers: across first, rounded to bytes, then down, rounded again.
final class FixedPointResize {
  private final byte[] source; // [H, W, 3]
  private final int sourceWidth;
  private final int width;
  private final int height;
  private final AxisWeights across;
  private final int acrossBits;
  private final int[] acrossFixed;
  private final AxisWeights down;
  private final int downBits;
  private final int[] downFixed;
  private final int topRow;
  private final int middleRows;

  FixedPointResize(Bicubic arithmetic, Image picture, int width, int height) {
    this.source = picture.bytes();
    this.sourceWidth = picture.width();
    this.width = width;
    this.height = height;
    across = AxisWeights.of(arithmetic, picture.width(), width);
    down = AxisWeights.of(arithmetic, picture.height(), height);
    // Pillow: 32 bits less 8 for the samples and 2 for sums beyond 1.
    acrossBits = arithmetic == Bicubic.PILLOW ? 22 : across.bitsForShorts();
    downBits = arithmetic == Bicubic.PILLOW ? 22 : down.bitsForShorts();
    acrossFixed = across.fixedPoint(acrossBits);
    downFixed = down.fixedPoint(downBits);
    topRow = down.first()[0];
    middleRows = down.end() - topRow;
  }

  void run(Bicubic.RowSink sink) {
    byte[][] middle = new byte[3][Math.multiplyExact(middleRows, width)]; // [3, rows, width]
    Bicubic.inBands(middleRows, (from, to) -> goAcross(middle, from, to));
    Bicubic.inBands(height, (from, to) -> goDown(middle, from, to, sink));
  }

  private void goAcross(byte[][] middle, int from, int to) {
    int half = 1 << (acrossBits - 1);
    int taps = across.taps();
    for (int y = from; y < to; y++) {
      int row = (topRow + y) * sourceWidth * 3;
      for (int x = 0; x < width; x++) {
        int r = half;
        int g = half;
        int b = half;
        int at = row + across.first()[x] * 3;
        int tap = x * taps;
        for (int end = tap + across.count()[x]; tap < end; tap++, at += 3) {
          int weight = acrossFixed[tap];
          r += weight * (source[at] & 0xFF);
          g += weight * (source[at + 1] & 0xFF);
          b += weight * (source[at + 2] & 0xFF);
        }
        int to1 = y * width + x;
        middle[0][to1] = clamp(r >> acrossBits);
        middle[1][to1] = clamp(g >> acrossBits);
        middle[2][to1] = clamp(b >> acrossBits);
      }
    }
  }

  private void goDown(byte[][] middle, int from, int to, Bicubic.RowSink sink) {
    int[] sums = new int[width];
    byte[] row = new byte[width];
    for (int y = from; y < to; y++) {
      for (int channel = 0; channel < 3; channel++) {
        Arrays.fill(sums, 1 << (downBits - 1));
        for (int j = 0; j < down.count()[y]; j++) {
          int at = (down.first()[y] - topRow + j) * width;
          addScaledRow(sums, middle[channel], at, downFixed[y * down.taps() + j]);
        }
        for (int x = 0; x < width; x++) {
          row[x] = clamp(sums[x] >> downBits);
        }
        sink.accept(channel, y, row);
      }
    }
  }

  private static void addScaledRow(int[] sums, byte[] samples, int at, int weight) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * (samples[at + x] & 0xFF);
    }
  }

  private static byte clamp(int value) {
    return (byte) Math.min(255, Math.max(0, value));
  }
}
