package io.plm4j.nano.look;

import io.plm4j.error.InputException;
import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// The fonts of the build, each read when it is first asked for.
///
/// Some are kept for [Style#HELD_OUT]: a sans serif (Inter), a monospaced one (JetBrains Mono) and
/// a serif (DejaVu Serif). Those for training are also stretched and slanted by chance, so that
/// there are more letter shapes than fonts.
public final class Fonts {
  private static final List<Family> TRAIN =
      List.of(
          Family.DEJAVU_SANS,
          Family.DEJAVU_SANS,
          Family.DEJAVU_CONDENSED,
          Family.DEJAVU_MONO,
          Family.LIBERATION_SANS,
          Family.LIBERATION_SANS,
          Family.LIBERATION_SERIF,
          Family.LIBERATION_SERIF,
          Family.LIBERATION_MONO,
          Family.ROBOTO,
          Family.ROBOTO_LIGHT);

  private static final List<Family> HELD_OUT =
      List.of(Family.INTER, Family.INTER, Family.JETBRAINS_MONO, Family.DEJAVU_SERIF);

  private final Map<String, Font> read = new ConcurrentHashMap<>();

  /// A typeface: a family, perhaps stretched.
  public final class Typeface {
    private final Family family;
    private final double stretch;
    private final double slant;

    private Typeface(Family family, double stretch, double slant) {
      this.family = family;
      this.stretch = stretch;
      this.slant = slant;
    }

    /// @param size of the letters' square, in pixels
    public Font at(double size, Weight weight) {
      var font = Fonts.this.font(family.path(weight)).deriveFont((float) size);
      return stretch == 1 && slant == 0
          ? font
          : font.deriveFont(new AffineTransform(stretch, 0, slant, 1, 0, 0));
    }
  }

  /// What matplotlib writes with.
  public Typeface dejaVuSans() {
    return new Typeface(Family.DEJAVU_SANS, 1, 0);
  }

  /// A typeface for a chart or a sign.
  public Typeface any(Dice dice, Style style) {
    return switch (style) {
      case TRAIN -> {
        var family = dice.pick(TRAIN);
        boolean changed = dice.chance(0.35);
        double stretch = changed ? dice.between(0.88, 1.18) : 1;
        double slant = changed && dice.chance(0.3) ? dice.between(-0.2, 0.1) : 0;
        yield new Typeface(family, stretch, slant);
      }
      case HELD_OUT -> new Typeface(dice.pick(HELD_OUT), 1, 0);
    };
  }

  private Font font(String path) {
    return read.computeIfAbsent(path, Fonts::load);
  }

  private static Font load(String path) {
    try (var in =
        Objects.requireNonNull(Fonts.class.getClassLoader().getResourceAsStream(path), path)) {
      return Font.createFont(Font.TRUETYPE_FONT, in);
    } catch (IOException e) {
      // The files are in our jars; what can be missing is below Java.
      throw new InputException(
          "The font %s cannot be read: %s. On Linux, Java needs the library fontconfig for it (package fontconfig); install it."
              .formatted(path, e.getMessage()),
          e);
    } catch (FontFormatException e) {
      throw new IllegalStateException(path, e);
    }
  }
}
