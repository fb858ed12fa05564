package io.plm4j.media;

import io.plm4j.error.InputException;
import java.awt.image.BufferedImage;

/// Pictures between Java's own type and ours.
final class BufferedImages {
  private BufferedImages() {}

  static Image toImage(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    if ((long) width * height > ImageLimits.DEFAULT.maxPixels()) {
      throw new InputException(
          "A picture of %d x %d pixels has more than %d pixels; scale it down first."
              .formatted(width, height, ImageLimits.DEFAULT.maxPixels()));
    }
    byte[] rgb = new byte[Image.byteCount(width, height)];
    if (isGrey(picture)) {
      readGrey(picture, rgb);
    } else {
      int[] row = new int[width];
      for (int y = 0, at = 0; y < height; y++) {
        picture.getRGB(0, y, width, 1, row, 0, width);
        for (int pixel : row) {
          rgb[at++] = (byte) (pixel >> 16);
          rgb[at++] = (byte) (pixel >> 8);
          rgb[at++] = (byte) pixel;
        }
      }
    }
    return Image.adopt(width, height, rgb);
  }

  static BufferedImage fromPlanes(byte[] planes, int size) { // [3, size, size]
    var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    int plane = size * size;
    for (int i = 0; i < plane; i++) {
      int pixel =
          (planes[i] & 0xFF) << 16
              | (planes[plane + i] & 0xFF) << 8
              | (planes[2 * plane + i] & 0xFF);
      picture.setRGB(i % size, i / size, pixel);
    }
    return picture;
  }

  /// Java takes grey samples for linear light and would brighten them; the file's values are
  /// wanted.
  private static boolean isGrey(BufferedImage picture) {
    return picture.getType() == BufferedImage.TYPE_BYTE_GRAY
        || picture.getType() == BufferedImage.TYPE_USHORT_GRAY;
  }

  private static void readGrey(BufferedImage picture, byte[] rgb) {
    int shift = picture.getType() == BufferedImage.TYPE_USHORT_GRAY ? 8 : 0;
    int[] row = new int[picture.getWidth()];
    for (int y = 0, at = 0; y < picture.getHeight(); y++) {
      picture.getRaster().getSamples(0, y, row.length, 1, 0, row);
      for (int sample : row) {
        byte value = (byte) (sample >> shift);
        rgb[at++] = value;
        rgb[at++] = value;
        rgb[at++] = value;
      }
    }
  }
}
