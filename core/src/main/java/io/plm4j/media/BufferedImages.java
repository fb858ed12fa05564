package io.plm4j.media;

import io.plm4j.error.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

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

  static BufferedImage fromRgb(byte[] rgb, int width, int height) { // [height, width, 3]
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        picture.setRGB(
            x, y, (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF));
      }
    }
    return picture;
  }

  static void writePng(BufferedImage picture, Path file) {
    // Given a file, ImageIO prints the trace of what goes wrong with it.
    try (var out = Files.newOutputStream(file)) {
      ImageIO.write(picture, "png", out);
    } catch (IOException e) {
      throw new InputException("The picture cannot be written to %s: %s.".formatted(file, e), e);
    }
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
