package io.plm4j.media.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// How the strips or tiles of a TIFF picture are packed.
final class TiffCompression {
  private static final int NONE = 1;
  private static final int LZW = 5;
  private static final int JPEG = 7;
  private static final int DEFLATE = 8;
  private static final int PACK_BITS = 32_773;
  private static final int OLD_DEFLATE = 32_946;

  private final FileBytes file;
  private final TiffDirectory tags;
  private final TiffLayout layout;
  private final int kind;
  private final int predictor;

  private TiffCompression(
      FileBytes file, TiffDirectory tags, TiffLayout layout, int kind, int predictor) {
    this.file = file;
    this.tags = tags;
    this.layout = layout;
    this.kind = kind;
    this.predictor = predictor;
  }

  static TiffCompression of(FileBytes file, TiffDirectory tags, TiffLayout layout) {
    int kind = (int) tags.value(TiffDirectory.COMPRESSION, NONE);
    int predictor = 1;
    switch (kind) {
      case NONE, PACK_BITS -> {}
      case LZW, DEFLATE, OLD_DEFLATE ->
          predictor = (int) tags.value(TiffDirectory.PREDICTOR, predictor);
      case 2, 3, 4 -> {
        if (layout.bits() != 1 || layout.samples() != 1) {
          throw file.damaged("a fax has one bit a pixel");
        }
      }
      case JPEG -> {
        if (layout.bits() != 8 || layout.planar()) {
          throw file.unsupported("JPEG compression in planes or of other than 8 bits");
        }
      }
      default -> throw file.unsupported("compression %d".formatted(kind));
    }
    boolean predictable = predictor == 2 && (layout.bits() == 8 || layout.bits() == 16);
    if (predictor != 1 && !predictable) {
      throw file.unsupported("predictor %d".formatted(predictor));
    }
    if (layout.photometric() == TiffLayout.YCC && layout.samples() > 1 && kind != JPEG) {
      throw file.unsupported("YCbCr colours without JPEG compression");
    }
    if (layout.rowBytes() * layout.pieceHeight() > Integer.MAX_VALUE - 8) {
      throw file.unsupported("strips or tiles of more than 2 GiB");
    }
    return new TiffCompression(file, tags, layout, kind, predictor);
  }

  /// The most bytes that one packed byte can become.
  long mostBytesPerByte() {
    return switch (kind) {
      case NONE -> 1;
      case PACK_BITS -> 64;
      case LZW -> 4096;
      case DEFLATE, OLD_DEFLATE -> 1032;
      default -> 1 << 16; // JPEG and fax: a bit or less a block or a row
    };
  }

  /// Whether bits may stand in the file from the lowest up; JPEG fixes their order itself.
  boolean hasBitOrder() {
    return kind != JPEG;
  }

  /// Unpacks a strip or tile and paints it at (x, y).
  void unpack(byte[] packed, int rows, TiffPainter painter, int x, int y, int plane) {
    switch (kind) {
      case JPEG -> painter.paint(jpeg(packed, rows), x, y);
      case 2, 3, 4 -> painter.paint(fax(packed, rows), rows, x, y, plane);
      default -> {
        int length = Math.toIntExact(layout.rowBytes() * rows);
        byte[] bytes =
            switch (kind) {
              case NONE -> packed;
              case PACK_BITS -> packBits(packed, length);
              case LZW -> TiffLzw.decode(file, packed, length);
              default -> inflate(packed, length);
            };
        if (bytes.length < length) {
          throw file.truncated();
        }
        if (predictor == 2) {
          undoDifferences(bytes, rows);
        }
        painter.paint(bytes, rows, x, y, plane);
      }
    }
  }

  private byte[] fax(byte[] packed, int rows) {
    long options = tags.value(TiffDirectory.T4_OPTIONS, 0);
    return new FaxDecoder(file, packed, kind, options, layout.pieceWidth()).decode(rows);
  }

  private byte[] inflate(byte[] packed, int length) {
    byte[] out = new byte[length];
    var inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int done = 0;
      while (done < length) {
        int n = inflater.inflate(out, done, length - done);
        if (n == 0) {
          throw file.truncated();
        }
        done += n;
      }
      return out;
    } catch (DataFormatException e) {
      throw file.damaged("its compressed data are corrupt", e);
    } finally {
      inflater.end();
    }
  }

  private byte[] packBits(byte[] packed, int length) {
    byte[] out = new byte[length];
    int done = 0;
    int at = 0;
    while (done < length) {
      if (at + 1 >= packed.length) {
        throw file.truncated();
      }
      int n = packed[at++];
      if (n == -128) {
        continue;
      }
      if (n >= 0) {
        int count = Math.min(n + 1, length - done);
        if (at + count > packed.length) {
          throw file.truncated();
        }
        System.arraycopy(packed, at, out, done, count);
        at += n + 1;
        done += count;
      } else {
        int end = Math.min(length, done + 1 - n);
        Arrays.fill(out, done, end, packed[at++]);
        done = end;
      }
    }
    return out;
  }

  /// Samples were stored as differences from the pixel to their left.
  private void undoDifferences(byte[] bytes, int rows) {
    int step = layout.samplesTogether();
    int rowBytes = (int) layout.rowBytes();
    int bytesPerSample = layout.bits() / 8;
    int high = tags.little() ? 1 : 0;
    for (int y = 0; y < rows; y++) {
      int row = y * rowBytes;
      for (int i = row + step * bytesPerSample; i < row + rowBytes; i += bytesPerSample) {
        int left = i - step * bytesPerSample;
        if (bytesPerSample == 1) {
          bytes[i] += bytes[left];
        } else {
          int sum = word(bytes, i, high) + word(bytes, left, high);
          bytes[i + high] = (byte) (sum >> 8);
          bytes[i + 1 - high] = (byte) sum;
        }
      }
    }
  }

  private static int word(byte[] bytes, int at, int high) {
    return ((bytes[at + high] & 0xFF) << 8) | (bytes[at + 1 - high] & 0xFF);
  }

  private Picture jpeg(byte[] packed, int rows) {
    var colour =
        switch (layout.photometric()) {
          case TiffLayout.RGB -> JpegColour.RGB;
          case TiffLayout.YCC -> layout.samples() == 1 ? JpegColour.GREY : JpegColour.YCC;
          case TiffLayout.BLACK_IS_ZERO -> JpegColour.GREY;
          default -> throw file.unsupported("JPEG compression of such colours");
        };
    SizeCheck asPromised =
        (width, height) -> {
          if (width != layout.pieceWidth()
              || height < 1
              || height > Math.max(rows, layout.pieceHeight())) {
            throw file.damaged("a strip or tile has another size than it should");
          }
        };
    var tables = new JpegTables();
    if (tags.has(TiffDirectory.JPEG_TABLES)) {
      tables.readStream(file.within(bytes(tags.values(TiffDirectory.JPEG_TABLES))));
    }
    return new JpegDecoder(file.within(packed), asPromised, tables).decodeAs(colour);
  }

  private static byte[] bytes(long[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
