package io.plm4j.media.codec;

import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageReader;

/// JPEG, sequential or progressive, in grey, RGB, YCbCr, CMYK or YCCK, through Java's reader, which
/// is libjpeg. The reader is given one marker that says what the colours mean, as Pillow takes
/// them, in place of profiles, comments and thumbnails, none of which is looked at.
final class JpegDecoder {
  /// No encoder writes as many scans.
  private static final int MAX_SCANS = 256;

  /// The reader paints the whole picture after each scan. This is ten scans, which is what encoders
  /// write, of the largest picture that is read by default, and some.
  private static final long MAX_PAINTED_PIXELS = 2_500_000_000L;

  private static final int RGB = 0;
  private static final int YCC = 1;
  private static final int YCCK = 2;

  private final FileBytes file;
  private final SizeCheck size;
  private final ByteArrayOutputStream plain;
  private int components;
  private int scans;
  private long pixels;
  private boolean named;
  private boolean jfif;
  private int adobeTransform = -1;

  JpegDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
    plain = new ByteArrayOutputStream(file.length() + 16);
  }

  Picture decode() {
    int at = readSegments();
    boolean complete = checkScans(at);
    int transform = transform();
    byte[] start = {(byte) 0xFF, (byte) 0xD8};
    byte[] adobe = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
    };
    var stream = new ByteArrayOutputStream(plain.size() + file.length() - at + 18);
    stream.writeBytes(start);
    if (components > 1) {
      stream.writeBytes(adobe);
    }
    stream.writeBytes(plain.toByteArray());
    stream.write(file.array(), at, file.length() - at);
    return Readers.read(
        Readers.ofJava("jpeg"),
        file,
        stream.toByteArray(),
        reader -> read(reader, transform, complete));
  }

  private Picture read(ImageReader reader, int transform, boolean complete) throws IOException {
    // The reader fills what is missing with grey and only warns of it.
    var warned = new AtomicBoolean();
    reader.addIIOReadWarningListener((_, _) -> warned.set(true));
    Picture picture;
    if (components == 4) {
      var raster = (WritableRaster) reader.readRaster(0, null);
      if (transform == YCCK) {
        toPrintingColours(raster);
      }
      int inverted = 255; // as Adobe writes them and Pillow takes for granted
      picture = Samples.printed(raster, 8, inverted);
    } else {
      picture = Samples.rgb(reader.read(0));
    }
    if (warned.get() && !complete) {
      throw file.truncated();
    }
    return picture;
  }

  /// Reads what comes before the first scan, keeps what decoding needs, and returns where that scan
  /// begins.
  private int readSegments() {
    int at = 2;
    while (true) {
      // Skips what should not be there, as libjpeg does.
      while (file.u8(at) != 0xFF || file.u8(at + 1) == 0xFF || file.u8(at + 1) == 0) {
        at++;
      }
      int marker = file.u8(at + 1);
      if ((marker >= 0xD0 && marker <= 0xD7) || marker == 0x01) {
        at += 2; // stands alone
        continue;
      }
      if (marker == 0xDA && components > 0) {
        return at;
      }
      if (marker == 0xD8 || marker == 0xD9 || marker == 0xDA) {
        throw file.damaged("it holds no pixels");
      }
      int length = file.u16be(at + 2);
      file.require(at + 2, length);
      if (length < 2) {
        throw file.damaged("a segment at byte %d has no length".formatted(at));
      }
      readSegment(marker, at + 4, length);
      at += 2 + length;
    }
  }

  private void readSegment(int marker, int at, int length) {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> readFrame(at, length);
      case 0xC9, 0xCA, 0xCC -> throw file.unsupported("arithmetic coding");
      case 0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF ->
          throw file.unsupported("lossless or hierarchical coding");
      case 0xE0 -> jfif |= file.has(at, "JFIF\0");
      case 0xEE -> {
        if (file.has(at, "Adobe") && length >= 14) {
          adobeTransform = file.u8(at + 11);
        }
      }
      default -> {}
    }
    boolean needed = marker < 0xE0;
    if (needed) {
      plain.write(file.array(), at - 4, 2 + length);
    }
  }

  private void readFrame(int at, int length) {
    if (components > 0) {
      throw file.damaged("it has two frame headers");
    }
    int bits = file.u8(at);
    if (bits != 8) {
      throw file.unsupported("%d bits a sample".formatted(bits));
    }
    long height = file.u16be(at + 1);
    long width = file.u16be(at + 3);
    int count = file.u8(at + 5);
    size.check(width, height);
    pixels = width * height;
    if (count != 1 && count != 3 && count != 4) {
      throw file.unsupported("%d colour components".formatted(count));
    }
    if (length != 8 + 3 * count) {
      throw file.damaged("its frame header has a wrong length");
    }
    // The first component is in full size with all known encoders; each block takes a bit.
    if (Math.ceilDiv(width, 8) * Math.ceilDiv(height, 8) > 8L * file.length()) {
      throw file.truncated();
    }
    components = count;
    named =
        count == 3 && file.u8(at + 6) == 'R' && file.u8(at + 9) == 'G' && file.u8(at + 12) == 'B';
  }

  /// Whether the file says where its pixels end.
  private boolean checkScans(int at) {
    byte[] bytes = file.array();
    for (; at + 1 < bytes.length; at++) {
      if (bytes[at] == (byte) 0xFF) {
        if (bytes[at + 1] == (byte) 0xD9) {
          return true;
        }
        if (bytes[at + 1] == (byte) 0xDA) {
          scans++;
          if (scans > MAX_SCANS || scans * pixels > MAX_PAINTED_PIXELS) {
            throw file.damaged("it has too many scans for its size");
          }
        }
      }
    }
    return false;
  }

  /// What the components mean: JFIF says brightness and differences, Adobe says which, else their
  /// names tell.
  private int transform() {
    if (components == 4) {
      return adobeTransform > 0 ? YCCK : RGB;
    }
    if (jfif) {
      return YCC;
    }
    return adobeTransform == 0 || (adobeTransform < 0 && named) ? RGB : YCC;
  }

  /// Brightness and differences to (inverted) cyan, magenta and yellow with libjpeg's arithmetic;
  /// its Java binding leaves that to the caller.
  private static void toPrintingColours(WritableRaster raster) {
    int[] row = new int[raster.getWidth() * 4];
    int half = 1 << 15;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += 4) {
        int luma = row[x];
        int cb = row[x + 1] - 128;
        int cr = row[x + 2] - 128;
        row[x] = inverted(luma + ((91_881 * cr + half) >> 16));
        row[x + 1] = inverted(luma + ((-22_554 * cb - 46_802 * cr + half) >> 16));
        row[x + 2] = inverted(luma + ((116_130 * cb + half) >> 16));
      }
      raster.setPixels(0, y, raster.getWidth(), 1, row);
    }
  }

  private static int inverted(int light) {
    return 255 - Math.clamp(light, 0, 255);
  }
}
