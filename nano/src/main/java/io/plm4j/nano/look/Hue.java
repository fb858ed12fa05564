package io.plm4j.nano.look;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Colours that have a name which everybody would give them, each a region of hue, saturation and
/// brightness.
public enum Hue {
  RED(-8, 6, 0.75, 1, 0.72, 1, 0xff0000, 0xd62728, 0xdc143c),
  ORANGE(22, 39, 0.8, 1, 0.9, 1, 0xffa500, 0xff8c00, 0xff7f0e),
  YELLOW(48, 60, 0.7, 1, 0.9, 1, 0xffff00, 0xffd700),
  GREEN(98, 145, 0.55, 1, 0.45, 1, 0x008000, 0x2ca02c, 0x00ff00, 0x228b22),
  BLUE(199, 233, 0.45, 1, 0.5, 1, 0x0000ff, 0x1f77b4, 0x4169e1, 0x4682b4, 0x1e90ff),
  PURPLE(266, 292, 0.43, 1, 0.48, 0.85, 0x800080, 0x9467bd, 0x8a2be2),
  PINK(316, 350, 0.28, 0.6, 0.88, 1, 0xffc0cb, 0xff69b4, 0xe377c2, 0xff1493),
  BROWN(4, 30, 0.46, 0.8, 0.36, 0.6, 0x8b4513, 0x8c564b, 0xa0522d),
  CYAN(178, 190, 0.6, 1, 0.8, 1, 0x00ffff, 0x00ced1),
  GRAY(0, 360, 0, 0.05, 0.42, 0.66, 0x808080, 0x7f7f7f),
  BLACK(0, 360, 0, 0.3, 0, 0.12, 0x000000),
  WHITE(0, 360, 0, 0.02, 0.96, 1, 0xffffff);

  /// All but those that are also backgrounds.
  public static final List<Hue> BRIGHT =
      List.of(RED, ORANGE, YELLOW, GREEN, BLUE, PURPLE, PINK, BROWN, CYAN);

  private final double hueLow;
  private final double hueHigh;
  private final double saturationLow;
  private final double saturationHigh;
  private final double brightnessLow;
  private final double brightnessHigh;

  /// Shades that programs have under this name, or take by themselves.
  private final int[] known;

  private final List<Color> samples;

  Hue(
      double hueLow,
      double hueHigh,
      double saturationLow,
      double saturationHigh,
      double brightnessLow,
      double brightnessHigh,
      int... known) {
    this.hueLow = hueLow;
    this.hueHigh = hueHigh;
    this.saturationLow = saturationLow;
    this.saturationHigh = saturationHigh;
    this.brightnessLow = brightnessLow;
    this.brightnessHigh = brightnessHigh;
    this.known = known;
    this.samples = samples();
  }

  /// Its name in answers.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A shade. The two styles share none: they take different parts of the hue's width.
  public Color shade(Dice dice, Style style) {
    if (style == Style.TRAIN && dice.chance(0.4)) {
      return new Color(known[dice.between(0, known.length - 1)]);
    }
    // A third of the hue's width, in its middle, is held out.
    double part =
        switch (style) {
          case TRAIN -> dice.chance(0.5) ? dice.between(0.0, 0.33) : dice.between(0.67, 1.0);
          case HELD_OUT -> dice.between(0.34, 0.66);
        };
    return hsb(
        hueLow + (hueHigh - hueLow) * part,
        dice.between(saturationLow, saturationHigh),
        dice.between(brightnessLow, brightnessHigh));
  }

  private static Color hsb(double degrees, double saturation, double brightness) {
    return Color.getHSBColor((float) (degrees / 360), (float) saturation, (float) brightness);
  }

  /// How far a colour may be from the nearest shade of a hue to be called after it: a tenth of the
  /// way from black to white, roughly.
  private static final int NEAR = 50;

  /// The name that everybody would give a colour; empty if it lies between two, or has none.
  public static Optional<Hue> of(Color color) {
    double least = NEAR * NEAR;
    Hue nearest = null;
    for (var hue : values()) {
      for (var shade : hue.samples) {
        double distance = distance(color, shade);
        if (distance < least) {
          least = distance;
          nearest = hue;
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static double distance(Color one, Color other) {
    int red = one.getRed() - other.getRed();
    int green = one.getGreen() - other.getGreen();
    int blue = one.getBlue() - other.getBlue();
    return red * red + green * green + blue * blue;
  }

  private List<Color> samples() {
    var shades = new ArrayList<Color>();
    for (int known : known) {
      shades.add(new Color(known));
    }
    for (double part : new double[] {0.1, 0.5, 0.9}) {
      for (double saturation : new double[] {0.1, 0.5, 0.9}) {
        for (double brightness : new double[] {0.1, 0.5, 0.9}) {
          shades.add(
              hsb(
                  hueLow + (hueHigh - hueLow) * part,
                  saturationLow + (saturationHigh - saturationLow) * saturation,
                  brightnessLow + (brightnessHigh - brightnessLow) * brightness));
        }
      }
    }
    return List.copyOf(shades);
  }

  /// Whether the two can be told apart at a glance when one lies on the other.
  public boolean standsOutFrom(Hue other) {
    if (this == other) {
      return false;
    }
    return !switch (this) {
      case WHITE -> other == YELLOW || other == CYAN || other == PINK;
      case YELLOW -> other == WHITE || other == ORANGE;
      case ORANGE -> other == YELLOW || other == RED || other == BROWN;
      case RED -> other == ORANGE || other == BROWN || other == PINK;
      case BROWN ->
          other == RED || other == ORANGE || other == BLACK || other == GRAY || other == GREEN;
      case BLACK -> other == BROWN || other == BLUE || other == PURPLE || other == GRAY;
      case BLUE -> other == PURPLE || other == BLACK || other == CYAN;
      case PURPLE -> other == BLUE || other == BLACK || other == PINK || other == GRAY;
      case PINK -> other == RED || other == WHITE || other == PURPLE;
      case CYAN -> other == WHITE || other == BLUE || other == GREEN;
      case GREEN -> other == CYAN || other == GRAY || other == BROWN;
      case GRAY -> other == BLACK || other == BROWN || other == GREEN || other == PURPLE;
    };
  }

  /// The bright ones that can be told from a ground at a glance.
  public static List<Hue> brightOn(Hue ground) {
    return BRIGHT.stream().filter(hue -> hue.standsOutFrom(ground)).toList();
  }

  /// A colour with its name.
  public record Named(Hue hue, Color color) {
    public String label() {
      return hue.label();
    }
  }

  /// A shade with its name.
  public Named named(Dice dice, Style style) {
    return new Named(this, shade(dice, style));
  }
}
