package io.plm4j.media.codec;

import java.util.Arrays;

/// TIFF: the first picture of a file, in strips or tiles, plain or compressed with LZW, deflate,
/// PackBits, JPEG or as a fax; grey, palette, RGB or CMYK. It is turned as its orientation says,
/// since Pillow does that with TIFF always.
final class TiffDecoder {
  private final FileBytes file;
  private final SizeCheck size;

  TiffDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    var tags = new TiffDirectory(file);
    var layout = TiffLayout.of(file, tags, size);
    var compression = TiffCompression.of(file, tags, layout);
    boolean tiled = tags.has(TiffDirectory.TILE_OFFSETS);
    long[] offsets = tags.values(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
    long[] lengths =
        tags.values(tiled ? TiffDirectory.TILE_BYTE_COUNTS : TiffDirectory.STRIP_BYTE_COUNTS);
    int pieces = layout.piecesAcross() * layout.piecesDown();
    // Of a picture in planes the colours come first, one after the other; the rest is not needed.
    int planes = layout.planar() ? Math.min(layout.samples(), 3) : 1;
    if (layout.planar() && layout.photometric() == TiffLayout.CMYK) {
      throw file.unsupported("CMYK in planes");
    }
    if (offsets.length < pieces * (long) planes) {
      throw file.damaged(
          "it has %d strips or tiles, but needs %d".formatted(offsets.length, pieces * planes));
    }
    requireEnough(compression, layout, planes);
    var picture = Picture.blank(layout.width(), layout.height());
    var painter = new TiffPainter(layout, tags, picture);
    boolean reversed = compression.hasBitOrder() && tags.value(TiffDirectory.FILL_ORDER, 1) == 2;
    for (int plane = 0; plane < planes; plane++) {
      for (int piece = 0; piece < pieces; piece++) {
        int i = plane * pieces + piece;
        int x = piece % layout.piecesAcross() * layout.pieceWidth();
        int y = piece / layout.piecesAcross() * layout.pieceHeight();
        // The last strip may be shorter than the others; tiles never are.
        int rows =
            tiled ? layout.pieceHeight() : Math.min(layout.pieceHeight(), layout.height() - y);
        byte[] packed = packed(offsets[i], i < lengths.length ? lengths[i] : Long.MAX_VALUE);
        if (reversed) {
          reverseBits(packed);
        }
        compression.unpack(packed, rows, painter, x, y, plane);
      }
    }
    return picture.upright((int) tags.value(TiffDirectory.ORIENTATION, 1));
  }

  /// Refuses a file that is too small for its pixels before they take memory.
  private void requireEnough(TiffCompression compression, TiffLayout layout, int planes) {
    long bytes = ((long) layout.width() * layout.bits() * layout.samplesTogether() + 7) / 8;
    if (bytes * layout.height() * planes > compression.mostBytesPerByte() * file.length()) {
      throw file.truncated();
    }
  }

  private byte[] packed(long offset, long length) {
    file.require(offset, 1);
    long available = file.length() - offset;
    return Arrays.copyOfRange(
        file.array(), (int) offset, (int) (offset + Math.min(available, length)));
  }

  private static void reverseBits(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
    }
  }
}
