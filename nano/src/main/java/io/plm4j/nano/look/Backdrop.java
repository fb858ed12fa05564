package io.plm4j.nano.look;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.geom.Ellipse2D;

/// What lies behind shapes and words: a colour with a name, plain or with a little life in it.
public record Backdrop(Hue hue, Color color, Texture texture, Dice dice) {
  /// How even it is.
  enum Texture {
    PLAIN,
    GRADIENT,
    STRIPES,
    GRID,
    SPOTS
  }

  /// @param hue the colour that everybody would say it has
  public static Backdrop of(Dice dice, Hue hue, Style style, Level level) {
    var texture =
        level == Level.FIRST || dice.chance(0.5)
            ? Texture.PLAIN
            : dice.pick(Texture.GRADIENT, Texture.STRIPES, Texture.GRID, Texture.SPOTS);
    var color =
        switch (hue) {
          case WHITE -> dice.chance(0.7) ? Color.WHITE : hue.shade(dice, style);
          case BLACK -> dice.chance(0.6) ? Color.BLACK : hue.shade(dice, style);
          default -> hue.shade(dice, style);
        };
    return new Backdrop(hue, color, texture, dice.split());
  }

  /// Fills the canvas.
  public void paint(Canvas canvas) {
    canvas.fillAll(color);
    int width = canvas.width();
    int height = canvas.height();
    var other = shifted(color, dice.between(0.05, 0.12) * (dice.chance(0.5) ? 1 : -1));
    switch (texture) {
      case PLAIN -> {}
      case GRADIENT -> {
        canvas
            .graphics()
            .setPaint(
                new GradientPaint(0, 0, color, dice.between(0, 1) * width, (float) height, other));
        canvas.graphics().fillRect(0, 0, width, height);
      }
      case STRIPES -> {
        int step = dice.between(12, 40);
        boolean upright = dice.chance(0.5);
        for (int at = 0; at < Math.max(width, height); at += 2 * step) {
          canvas.graphics().setColor(other);
          canvas
              .graphics()
              .fillRect(
                  upright ? at : 0,
                  upright ? 0 : at,
                  upright ? step : width,
                  upright ? height : step);
        }
      }
      case GRID -> {
        int step = dice.between(16, 48);
        for (int at = step; at < Math.max(width, height); at += step) {
          canvas.line(at, 0, at, height, other, 1);
          canvas.line(0, at, width, at, other, 1);
        }
      }
      case SPOTS -> {
        for (int i = dice.between(10, 60); i > 0; i--) {
          double size = dice.between(2.0, 7.0);
          canvas.fill(
              new Ellipse2D.Double(dice.between(0, width), dice.between(0, height), size, size),
              other);
        }
      }
    }
  }

  /// A little lighter or darker, whichever is possible.
  private static Color shifted(Color color, double by) {
    double brightness = (color.getRed() + color.getGreen() + color.getBlue()) / (3 * 255.0);
    double signed = brightness > 0.85 ? -Math.abs(by) : brightness < 0.15 ? Math.abs(by) : by;
    int step = (int) Math.round(signed * 255);
    return new Color(
        Math.clamp(color.getRed() + step, 0, 255),
        Math.clamp(color.getGreen() + step, 0, 255),
        Math.clamp(color.getBlue() + step, 0, 255));
  }
}
