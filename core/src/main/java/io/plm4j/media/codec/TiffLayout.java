package io.plm4j.media.codec;

import java.util.Arrays;

/// How the pixels of a TIFF picture are stored, checked once.
///
/// @param samples how many a pixel has, the superfluous ones included
/// @param bits of each sample
/// @param format 1 unsigned, 2 signed, 3 floating point
/// @param photometric what the samples mean
/// @param premultiplied whether colours were multiplied with their alpha
/// @param planar whether each sample has a plane of its own
/// @param pieceWidth pixels across one strip or tile
/// @param pieceHeight rows in one strip or tile
record TiffLayout(
    int width,
    int height,
    int samples,
    int bits,
    int format,
    int photometric,
    boolean premultiplied,
    boolean planar,
    int pieceWidth,
    int pieceHeight) {
  static final int WHITE_IS_ZERO = 0;
  static final int BLACK_IS_ZERO = 1;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int CMYK = 5;
  static final int YCC = 6;

  static TiffLayout of(FileBytes file, TiffDirectory tags, SizeCheck size) {
    long width = tags.value(TiffDirectory.WIDTH, 0);
    long height = tags.value(TiffDirectory.HEIGHT, 0);
    size.check(width, height);
    boolean tiled = tags.has(TiffDirectory.TILE_OFFSETS);
    long pieceWidth = tiled ? tags.value(TiffDirectory.TILE_WIDTH, 0) : width;
    long pieceHeight =
        tiled
            ? tags.value(TiffDirectory.TILE_LENGTH, 0)
            : Math.min(height, tags.value(TiffDirectory.ROWS_PER_STRIP, height));
    size.check(pieceWidth, pieceHeight);
    int photometric = (int) tags.value(TiffDirectory.PHOTOMETRIC, 0);
    long samples = tags.value(TiffDirectory.SAMPLES_PER_PIXEL, 1);
    int colours =
        switch (photometric) {
          case WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTE -> 1;
          case RGB -> 3;
          case YCC -> samples == 1 ? 1 : 3;
          case CMYK -> 4;
          default -> throw file.unsupported("photometric interpretation " + photometric);
        };
    if (samples < colours || samples > 6) {
      throw file.unsupported("%d samples a pixel".formatted(samples));
    }
    long bits = common(file, tags, TiffDirectory.BITS_PER_SAMPLE, "bits");
    long format = common(file, tags, TiffDirectory.SAMPLE_FORMAT, "formats");
    boolean grey = colours == 1 && photometric != PALETTE;
    boolean possible =
        switch ((int) bits) {
          case 1, 2, 4 -> colours == 1 && samples == 1 && format == 1;
          case 8 -> format == 1 || (grey && format == 2);
          case 16 -> (format == 1 && photometric != PALETTE) || (grey && format == 2);
          case 32 -> grey && samples == 1 && format <= 3;
          default -> false;
        };
    if (!possible) {
      throw file.unsupported("samples of %d bits and format %d".formatted(bits, format));
    }
    long[] extra = tags.values(TiffDirectory.EXTRA_SAMPLES);
    return new TiffLayout(
        (int) width,
        (int) height,
        (int) samples,
        (int) bits,
        (int) format,
        photometric,
        extra.length > 0 && extra[0] == 1 && photometric == RGB,
        tags.value(TiffDirectory.PLANAR_CONFIGURATION, 1) == 2 && samples > 1,
        (int) pieceWidth,
        (int) pieceHeight);
  }

  /// A property that each sample could have for itself, but must share here.
  private static long common(FileBytes file, TiffDirectory tags, int tag, String what) {
    long[] values = tags.values(tag);
    if (values.length == 0) {
      return 1;
    }
    if (Arrays.stream(values).anyMatch(v -> v != values[0])) {
      throw file.unsupported("samples of different " + what);
    }
    return values[0];
  }

  int piecesAcross() {
    return Math.ceilDiv(width, pieceWidth);
  }

  int piecesDown() {
    return Math.ceilDiv(height, pieceHeight);
  }

  /// Samples of a pixel that stand together.
  int samplesTogether() {
    return planar ? 1 : samples;
  }

  long rowBytes() {
    return ((long) pieceWidth * bits * samplesTogether() + 7) / 8;
  }
}
