package io.plm4j.nano.look;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.DataBufferInt;
import java.awt.image.Kernel;

/// What happens to pictures on their way: noise, blur, other brightness. Mild: everything stays
/// legible.
public sealed interface Blemish {
  /// Nothing.
  record None() implements Blemish {}

  /// Another value added to each channel of each pixel.
  record Noise(double deviation, Dice dice) implements Blemish {}

  /// Each pixel mixed with its neighbours.
  record Blur(float part) implements Blemish {}

  /// All channels times a factor and more or less by a constant.
  record Exposure(float factor, float offset) implements Blemish {}

  static Blemish any(Dice dice, Level level) {
    double clean = level.choose(1.0, 0.8, 0.65);
    if (dice.chance(clean)) {
      return new None();
    }
    return switch (dice.between(0, 2)) {
      case 0 -> new Noise(dice.between(2.0, 10.0), dice.split());
      case 1 -> new Blur((float) dice.between(0.03, 0.09));
      default -> new Exposure((float) dice.between(0.88, 1.0), (float) dice.between(0.0, 20.0));
    };
  }

  /// The picture with the blemish; the given one may be changed.
  default BufferedImage apply(BufferedImage image) {
    return switch (this) {
      case None() -> image;
      case Noise(double deviation, Dice dice) -> noisy(image, deviation, dice.split());
      case Blur(float part) -> blurred(image, part);
      case Exposure(float factor, float offset) -> exposed(image, factor, offset);
    };
  }

  private static BufferedImage noisy(BufferedImage image, double deviation, Dice dice) {
    // Gaussian noise costs more than the drawing; a table of it, walked at random strides, does not
    // look different.
    int[] table = new int[1024];
    for (int i = 0; i < table.length; i++) {
      table[i] = (int) Math.round(dice.gaussian(deviation));
    }
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int state = dice.between(1, Integer.MAX_VALUE - 1);
    for (int i = 0; i < pixels.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      int rgb = pixels[i];
      int red = clamp((rgb >> 16 & 255) + table[state & 1023]);
      int green = clamp((rgb >> 8 & 255) + table[state >> 10 & 1023]);
      int blue = clamp((rgb & 255) + table[state >> 20 & 1023]);
      pixels[i] = red << 16 | green << 8 | blue;
    }
    return image;
  }

  private static BufferedImage blurred(BufferedImage image, float part) {
    float middle = 1 - 8 * part;
    var kernel =
        new Kernel(3, 3, new float[] {part, part, part, part, middle, part, part, part, part});
    return new ConvolveOp(kernel, ConvolveOp.EDGE_NO_OP, null).filter(image, null);
  }

  private static BufferedImage exposed(BufferedImage image, float factor, float offset) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      table[i] = clamp(Math.round(i * factor + offset));
    }
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < pixels.length; i++) {
      int rgb = pixels[i];
      pixels[i] = table[rgb >> 16 & 255] << 16 | table[rgb >> 8 & 255] << 8 | table[rgb & 255];
    }
    return image;
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 255);
  }
}
