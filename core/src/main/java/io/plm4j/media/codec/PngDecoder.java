package io.plm4j.media.codec;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// PNG: all colour types and depths, interlaced or not. Of 16-bit colours the upper byte counts
/// (but see [#grey]); alpha is dropped; of an animation the default picture is taken.
final class PngDecoder {
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /// zlib cannot shrink further than this, so fewer bytes cannot hold the picture.
  private static final long MOST_BYTES_PER_BYTE = 1032;

  /// Where the seven passes of an interlaced picture begin and how far their pixels are apart.
  private static final int[][] PASSES = { // x, y, dx, dy
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private final FileBytes file;
  private final SizeCheck size;
  private int width;
  private int height;
  private int depth;
  private int colour;
  private boolean interlaced;
  private final byte[] palette = new byte[256 * 3]; // black where the file says nothing
  private boolean hasPalette;
  private int nextChunk;
  private int dataLeft;

  PngDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    readHeader();
    readChunksBeforeData();
    if (colour == PALETTE && !hasPalette) {
      throw file.damaged("its palette is missing");
    }
    long packed = file.length();
    if ((long) rowBytes(width) * height > packed * MOST_BYTES_PER_BYTE) {
      throw file.truncated();
    }
    var picture = Picture.blank(width, height);
    var inflater = new Inflater();
    try {
      if (interlaced) {
        for (int[] pass : PASSES) {
          readPass(inflater, picture, pass[0], pass[1], pass[2], pass[3]);
        }
      } else {
        readPass(inflater, picture, 0, 0, 1, 1);
      }
    } catch (DataFormatException e) {
      throw file.damaged("its compressed data are corrupt", e);
    } finally {
      inflater.end();
    }
    return picture;
  }

  private void readHeader() {
    int at = 8;
    file.require(at, 25);
    if (!file.has(at + 4, "IHDR") || file.u32be(at) != 13) {
      throw file.damaged("it does not begin with a header");
    }
    checkSum(at, 13);
    long statedWidth = file.u32be(at + 8);
    long statedHeight = file.u32be(at + 12);
    size.check(statedWidth, statedHeight);
    width = (int) statedWidth;
    height = (int) statedHeight;
    depth = file.u8(at + 16);
    colour = file.u8(at + 17);
    boolean known =
        switch (colour) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known) {
      throw file.damaged("there is no colour type %d with %d bits".formatted(colour, depth));
    }
    if (file.u8(at + 18) != 0 || file.u8(at + 19) != 0) {
      throw file.damaged("its compression or filter method is unknown");
    }
    interlaced = file.u8(at + 20) != 0;
    nextChunk = at + 12 + 13;
  }

  private void readChunksBeforeData() {
    while (!file.has(nextChunk + 4, "IDAT")) {
      int length = chunkLength(nextChunk);
      checkSum(nextChunk, length);
      if (file.has(nextChunk + 4, "IEND")) {
        throw file.damaged("it holds no pixels");
      }
      if (file.has(nextChunk + 4, "PLTE")) {
        if (length > palette.length) {
          throw file.damaged("its palette has more than 256 colours");
        }
        System.arraycopy(file.array(), nextChunk + 8, palette, 0, length);
        hasPalette = true;
      }
      nextChunk += length + 12;
    }
  }

  private int chunkLength(int at) {
    long length = file.u32be(at);
    file.require(at, length + 12);
    return (int) length;
  }

  private void checkSum(int at, int length) {
    var crc = new CRC32();
    file.require(at, length + 12L);
    crc.update(file.array(), at + 4, length + 4);
    if (crc.getValue() != file.u32be(at + 8L + length)) {
      throw file.damaged("the checksum of a chunk at byte %d is wrong".formatted(at));
    }
  }

  private void readPass(Inflater inflater, Picture picture, int x0, int y0, int dx, int dy)
      throws DataFormatException {
    int columns = Math.ceilDiv(width - x0, dx);
    int rows = Math.ceilDiv(height - y0, dy);
    if (columns <= 0 || rows <= 0) {
      return;
    }
    int step = Math.max(1, depth * channels() / 8);
    byte[] above = new byte[rowBytes(columns)];
    byte[] row = new byte[above.length];
    byte[] filter = new byte[1];
    for (int i = 0; i < rows; i++) {
      inflate(inflater, filter);
      inflate(inflater, row);
      unfilter(filter[0], row, above, step);
      writeRow(picture, row, columns, ((y0 + i * dy) * width + x0) * 3, dx * 3);
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }

  private int channels() {
    return switch (colour) {
      case GREY, PALETTE -> 1;
      case GREY_ALPHA -> 2;
      case RGB -> 3;
      default -> 4;
    };
  }

  private int rowBytes(int columns) {
    return Math.toIntExact(Math.ceilDiv((long) columns * depth * channels(), 8));
  }

  /// Fills `target` from the compressed stream, which is cut into chunks anywhere.
  private void inflate(Inflater inflater, byte[] target) throws DataFormatException {
    int done = 0;
    while (done < target.length) {
      int n = inflater.inflate(target, done, target.length - done);
      done += n;
      if (n == 0) {
        if (inflater.finished() || inflater.needsDictionary()) {
          throw file.damaged("its pixels are incomplete");
        }
        if (inflater.needsInput()) {
          feed(inflater);
        }
      }
    }
  }

  private void feed(Inflater inflater) {
    while (dataLeft == 0) {
      if (!file.has(nextChunk + 4, "IDAT")) {
        throw file.truncated();
      }
      long length = file.u32be(nextChunk);
      // The last chunk may be cut short and still hold all pixels.
      dataLeft = (int) Math.min(length, file.length() - (nextChunk + 8L));
      inflater.setInput(file.array(), nextChunk + 8, dataLeft);
      nextChunk = (int) Math.min(file.length(), nextChunk + 12L + length);
    }
    dataLeft = 0;
  }

  private void unfilter(int filter, byte[] row, byte[] above, int step) {
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = step; i < row.length; i++) {
          row[i] += row[i - step];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < step ? 0 : row[i - step] & 0xFF;
          row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < step ? 0 : row[i - step] & 0xFF;
          int corner = i < step ? 0 : above[i - step] & 0xFF;
          row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
        }
      }
      default -> throw file.damaged("there is no filter %d".formatted(filter));
    }
  }

  private int grey(byte[] row, int at, int x) {
    if (depth < 8) {
      return Bits.stretched(row, x, depth);
    }
    // Grey of 16 bits is cut off at 255, not scaled: Pillow does so, and the model was fed by it.
    boolean tooBright = depth == 16 && colour == GREY && row[at] != 0;
    return tooBright ? 255 : row[depth == 16 && colour == GREY ? at + 1 : at];
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private void writeRow(Picture picture, byte[] row, int columns, int at, int step) {
    int bytesPerSample = depth / 8; // 0 below a byte
    int pixel = channels() * bytesPerSample;
    for (int x = 0; x < columns; x++, at += step) {
      switch (colour) {
        case RGB, RGB_ALPHA ->
            picture.set(
                at,
                row[x * pixel],
                row[x * pixel + bytesPerSample],
                row[x * pixel + 2 * bytesPerSample]);
        case PALETTE -> {
          int entry = Bits.sample(row, x, depth) * 3;
          picture.set(at, palette[entry], palette[entry + 1], palette[entry + 2]);
        }
        default -> {
          int grey = grey(row, x * pixel, x);
          picture.set(at, grey, grey, grey);
        }
      }
    }
  }
}
