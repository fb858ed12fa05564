package io.plm4j.media.codec;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Turns the samples that a reader delivers into red, green, blue as Pillow does: no colour
/// management, no rounding, alpha dropped.
final class Samples {
  private Samples() {}

  static Picture rgb(BufferedImage image) {
    var raster = image.getRaster();
    return image.getColorModel() instanceof IndexColorModel palette
        ? lookedUp(raster, palette)
        : plain(raster, image.getColorModel());
  }

  private static Picture lookedUp(Raster raster, IndexColorModel palette) {
    var picture = Picture.blank(raster.getWidth(), raster.getHeight());
    int[] colours = new int[1 << 16]; // black where the file says nothing
    palette.getRGBs(colours);
    int[] row = new int[raster.getWidth()];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, row.length, 1, 0, row);
      for (int index : row) {
        int colour = colours[index];
        picture.set(at, colour >> 16, colour >> 8, colour);
        at += 3;
      }
    }
    return picture;
  }

  private static Picture plain(Raster raster, ColorModel model) {
    var picture = Picture.blank(raster.getWidth(), raster.getHeight());
    int bands = raster.getNumBands();
    int[] bits = model.getComponentSize();
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands, at += 3) {
        if (bands == 1) {
          int grey = grey(row[x], bits[0]);
          picture.set(at, grey, grey, grey);
        } else {
          picture.set(
              at,
              eightBits(row[x], bits[0]),
              eightBits(row[x + green], bits[green]),
              eightBits(row[x + blue], bits[blue]));
        }
      }
    }
    return picture;
  }

  /// Grey of more than 8 bits is cut off at 255, not scaled: Pillow does so, and the model was fed
  /// by it.
  private static int grey(int sample, int bits) {
    return bits > 8 ? Math.clamp(sample, 0, 255) : eightBits(sample, bits);
  }

  private static int eightBits(int sample, int bits) {
    return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }

  /// Cyan, magenta, yellow and black as light, without regard to any profile.
  ///
  /// @param bits of a sample
  /// @param noInk 0, or 255 if the samples say how much light is left
  static Picture printed(Raster raster, int bits, int noInk) {
    var picture = Picture.blank(raster.getWidth(), raster.getHeight());
    int bands = raster.getNumBands();
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands, at += 3) {
        int paper = 255 - (eightBits(row[x + 3], bits) ^ noInk);
        picture.set(
            at,
            left(eightBits(row[x], bits) ^ noInk, paper),
            left(eightBits(row[x + 1], bits) ^ noInk, paper),
            left(eightBits(row[x + 2], bits) ^ noInk, paper));
      }
    }
    return picture;
  }

  /// The light that one colour's ink and the black leave.
  private static int left(int ink, int paper) {
    int product = ink * paper + 128;
    return Math.clamp(paper - (((product >> 8) + product) >> 8), 0, 255);
  }

  /// Colours that were multiplied with their alpha, the fourth sample, as they were before.
  static Picture unmultiplied(Raster raster, int bits) {
    var picture = Picture.blank(raster.getWidth(), raster.getHeight());
    int bands = raster.getNumBands();
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands) {
        int alpha = eightBits(row[x + 3], bits);
        for (int channel = 0; channel < 3; channel++) {
          int colour = eightBits(row[x + channel], bits);
          picture.rgb()[at++] = (byte) (alpha == 0 ? 0 : Math.min(255, colour * 255 / alpha));
        }
      }
    }
    return picture;
  }
}
