package io.plm4j.media.codec;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/// TIFF, through TwelveMonkeys' reader: the first picture of a file, in strips or tiles, plain or
/// compressed with LZW, deflate, PackBits, JPEG or as a fax; grey, palette, RGB or CMYK. It is
/// turned as its orientation says, since Pillow does that with TIFF always.
final class TiffDecoder {
  private static final int WHITE_IS_ZERO = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int CMYK = 5;
  private static final int YCC = 6;

  private static final int JPEG = 7;
  private static final int PREMULTIPLIED = 1;

  private final FileBytes file;
  private final SizeCheck size;
  private final TiffDirectory tags;

  TiffDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
    tags = new TiffDirectory(file);
  }

  Picture decode() {
    int photometric = (int) tags.value(TiffDirectory.PHOTOMETRIC, 0);
    int bits = (int) common(TiffDirectory.BITS_PER_SAMPLE, "bits");
    int samples = (int) Math.min(tags.value(TiffDirectory.SAMPLES_PER_PIXEL, 1), 7);
    int compression = (int) tags.value(TiffDirectory.COMPRESSION, 1);
    checkColours(photometric, bits, samples, compression);
    checkSize(bits, samples, compression);
    byte[] plain =
        tags.reducedTo(
            TiffDirectory.WIDTH,
            TiffDirectory.HEIGHT,
            TiffDirectory.BITS_PER_SAMPLE,
            TiffDirectory.COMPRESSION,
            TiffDirectory.PHOTOMETRIC,
            TiffDirectory.FILL_ORDER,
            TiffDirectory.STRIP_OFFSETS,
            TiffDirectory.SAMPLES_PER_PIXEL,
            TiffDirectory.ROWS_PER_STRIP,
            TiffDirectory.STRIP_BYTE_COUNTS,
            TiffDirectory.PLANAR_CONFIGURATION,
            TiffDirectory.T4_OPTIONS,
            TiffDirectory.T6_OPTIONS,
            TiffDirectory.PREDICTOR,
            TiffDirectory.COLOUR_MAP,
            TiffDirectory.TILE_WIDTH,
            TiffDirectory.TILE_LENGTH,
            TiffDirectory.TILE_OFFSETS,
            TiffDirectory.TILE_BYTE_COUNTS,
            TiffDirectory.EXTRA_SAMPLES,
            TiffDirectory.SAMPLE_FORMAT,
            TiffDirectory.JPEG_TABLES,
            TiffDirectory.YCC_SUBSAMPLING,
            TiffDirectory.YCC_POSITIONING);
    boolean premultiplied =
        photometric == RGB
            && samples > 3
            && tags.value(TiffDirectory.EXTRA_SAMPLES, 0) == PREMULTIPLIED;
    var image = Readers.read(new TIFFImageReaderSpi(), file, plain, reader -> reader.read(0));
    return picture(image, photometric, bits, premultiplied)
        .upright((int) tags.value(TiffDirectory.ORIENTATION, 1));
  }

  private static Picture picture(
      BufferedImage image, int photometric, int bits, boolean premultiplied) {
    if (photometric == CMYK) {
      return Samples.printed(image.getRaster(), bits, 0);
    }
    return premultiplied ? Samples.unmultiplied(image.getRaster(), bits) : Samples.rgb(image);
  }

  private void checkColours(int photometric, int bits, int samples, int compression) {
    int colours =
        switch (photometric) {
          case WHITE_IS_ZERO, 1, PALETTE -> 1;
          case RGB -> 3;
          case YCC -> samples == 1 ? 1 : 3;
          case CMYK -> 4;
          default -> throw file.unsupported("photometric interpretation " + photometric);
        };
    if (samples < colours || samples > 6) {
      throw file.unsupported("%d samples a pixel".formatted(samples));
    }
    long format = common(TiffDirectory.SAMPLE_FORMAT, "formats");
    boolean possible =
        switch (bits) {
          case 1, 2, 4 -> samples == 1;
          case 8 -> true;
          case 16 -> photometric != PALETTE && photometric != WHITE_IS_ZERO;
          case 32 -> samples == 1 && photometric == 1;
          default -> false;
        };
    if (!possible || (format != 1 && (format != 2 || samples > 1 || bits < 8))) {
      throw file.unsupported("samples of %d bits and format %d".formatted(bits, format));
    }
    boolean planar = tags.value(TiffDirectory.PLANAR_CONFIGURATION, 1) == 2;
    if (compression == JPEG && (bits != 8 || samples == 2 || (planar && samples > 1))) {
      throw file.unsupported("JPEG compression in planes or of such samples");
    }
    if (photometric == YCC && samples > 1 && compression != JPEG) {
      throw file.unsupported("YCbCr colours without JPEG compression");
    }
  }

  private void checkSize(int bits, int samples, int compression) {
    long width = tags.value(TiffDirectory.WIDTH, 0);
    long height = tags.value(TiffDirectory.HEIGHT, 0);
    size.check(width, height);
    if (tags.has(TiffDirectory.TILE_OFFSETS)) {
      size.check(tags.value(TiffDirectory.TILE_WIDTH, 0), tags.value(TiffDirectory.TILE_LENGTH, 0));
    }
    long mostBytesPerByte =
        switch (compression) {
          case 1 -> 1;
          case 5 -> 4096; // LZW
          case 8, 32_946 -> 1032; // deflate
          case 32_773 -> 64; // PackBits
          case 2, 3, 4, JPEG -> 1 << 16; // fax and JPEG: a bit or less a row or a block
          default -> throw file.unsupported("compression %d".formatted(compression));
        };
    long rowBytes = Math.ceilDiv(width * bits * samples, 8);
    if (rowBytes * height > mostBytesPerByte * file.length()) {
      throw file.truncated();
    }
  }

  /// A property that each sample could have for itself, but must share here.
  private long common(int tag, String what) {
    long[] values = tags.values(tag);
    if (values.length == 0) {
      return 1;
    }
    if (Arrays.stream(values).anyMatch(v -> v != values[0])) {
      throw file.unsupported("samples of different " + what);
    }
    return values[0];
  }
}
