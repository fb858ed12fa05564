package io.plm4j.media;

import java.util.stream.IntStream;

/// The bicubic filter (a = -0.5, widened when a picture shrinks) with the arithmetic of one of the
/// three programs that the published models were run with. They differ in rounding, so by a level
/// here and there; a model answers best to the one it is used with.
public enum Bicubic {
  /// Pillow's `Image.resize`: weights in 22 bits, each pass rounded to bytes. Meta's own code uses
  /// it for pictures.
  PILLOW,
  /// torchvision's first transforms: both passes in floats, rounded once. Meta's own code uses it
  /// for video frames, transformers 4 for everything.
  TORCHVISION_FLOAT,
  /// torchvision's v2 transforms on bytes: weights in 15 bits, each pass rounded to bytes.
  /// transformers 5 uses it for pictures and video frames; so does plm4j unless told otherwise.
  TORCHVISION_BYTES;

  /// Receives a finished row of one channel. Rows come in any order and from several threads.
  interface RowSink {
    /// Takes a row.
    ///
    /// @param row the samples, valid during the call only
    void accept(int channel, int y, byte[] row);
  }

  /// The picture stretched to `width` x `height`; its shape is not kept.
  public Image resize(Image picture, int width, int height) {
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    byte[] rgb = new byte[Image.byteCount(width, height)];
    resizeRows(
        picture,
        width,
        height,
        (channel, y, row) -> {
          int at = y * width * 3 + channel;
          for (int x = 0; x < width; x++, at += 3) {
            rgb[at] = row[x];
          }
        });
    return Image.adopt(width, height, rgb);
  }

  /// The same, row by row, for results that are laid out otherwise.
  void resizeRows(Image picture, int width, int height, RowSink sink) {
    switch (this) {
      case PILLOW -> {
        // So does Pillow with a picture that is narrow beyond measure, to touch fewer pixels.
        boolean downFirst =
            picture.height() > picture.width() * 100L
                && height < picture.height()
                && width != picture.width();
        var source = downFirst ? resize(picture, picture.width(), height) : picture;
        new FixedPointResize(this, source, width, height).run(sink);
      }
      case TORCHVISION_BYTES -> new FixedPointResize(this, picture, width, height).run(sink);
      case TORCHVISION_FLOAT -> new FloatResize(picture, width, height).run(sink);
    }
  }

  /// Runs `task` for the rows 0 to `rows` - 1 on the common pool, a band of neighbouring rows a
  /// call, so that scratch memory is per band and source rows stay in the cache.
  static void inBands(int rows, BandTask task) {
    int band = 16;
    IntStream.range(0, Math.ceilDiv(rows, band))
        .parallel()
        .forEach(i -> task.run(i * band, Math.min(rows, (i + 1) * band)));
  }

  interface BandTask {
    void run(int fromRow, int toRow);
  }
}
