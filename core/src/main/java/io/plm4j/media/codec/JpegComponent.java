package io.plm4j.media.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One colour component of a JPEG picture: its sampling, its tables and its samples.
final class JpegComponent {
  final int id;
  final int horizontal;
  final int vertical;
  final int quantizationTable;

  /// Size in samples, of which there may be fewer than the picture has pixels.
  final int width;

  final int height;

  /// Size in blocks of 8 x 8 samples, as a scan of this component alone has them.
  final int blocksAcross;

  final int blocksDown;

  /// The same, padded to whole units of an interleaved scan.
  final int paddedBlocksAcross;

  final int paddedBlocksDown;

  /// Decoded samples, rows of [#stride].
  private byte @Nullable [] samples;

  /// Coefficients in the order of rows, 64 a block, of a progressive picture until it is complete.
  private short @Nullable [] coefficients;

  /// As they were when the first scan of this component began; later ones may redefine the table.
  private int @Nullable [] quantization;

  int dcTable;
  int acTable;
  int lastDc;

  JpegComponent(int id, int horizontal, int vertical, int quantizationTable, JpegFrame frame) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.quantizationTable = quantizationTable;
    width = Math.ceilDiv(frame.width() * horizontal, frame.maxHorizontal());
    height = Math.ceilDiv(frame.height() * vertical, frame.maxVertical());
    blocksAcross = Math.ceilDiv(width, 8);
    blocksDown = Math.ceilDiv(height, 8);
    paddedBlocksAcross = frame.unitsAcross() * horizontal;
    paddedBlocksDown = frame.unitsDown() * vertical;
  }

  int stride() {
    return paddedBlocksAcross * 8;
  }

  long paddedBlocks() {
    return (long) paddedBlocksAcross * paddedBlocksDown;
  }

  /// Samples that were never sent are mid-grey, as an all-zero block is.
  byte[] samples() {
    if (samples == null) {
      samples = new byte[Math.toIntExact(paddedBlocks() * 64)];
      Arrays.fill(samples, (byte) 128);
    }
    return samples;
  }

  short[] coefficients() {
    if (coefficients == null) {
      coefficients = new short[Math.toIntExact(paddedBlocks() * 64)];
    }
    return coefficients;
  }

  void dropCoefficients() {
    coefficients = null;
  }

  int @Nullable [] quantization() {
    return quantization;
  }

  void quantizeWith(int[] table) {
    quantization = table;
  }
}
