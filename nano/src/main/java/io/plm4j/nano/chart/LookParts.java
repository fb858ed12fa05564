package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.ChartLook.Letters;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Fonts.Typeface;
import io.plm4j.nano.look.Lettering;
import io.plm4j.nano.look.Weight;
import java.awt.Color;
import java.util.List;

/// What looks are put together from.
record LookParts(Dice dice, Fonts fonts, Level level, Style style) {
  /// Pixels of a picture.
  record Size(int width, int height) {}

  private static final List<Size> SIZES =
      List.of(
          new Size(640, 480),
          new Size(640, 480),
          new Size(800, 600),
          new Size(600, 400),
          new Size(700, 500),
          new Size(500, 500),
          new Size(480, 360),
          new Size(800, 500),
          new Size(1000, 700),
          new Size(720, 480),
          new Size(448, 448),
          new Size(560, 640));

  private static final List<Size> HELD_OUT_SIZES =
      List.of(new Size(620, 460), new Size(760, 540), new Size(520, 480), new Size(660, 520));

  Size size() {
    return dice.pick(style == Style.TRAIN ? SIZES : HELD_OUT_SIZES);
  }

  /// The size of letters that can still be read when the picture is squeezed to 448 pixels a side,
  /// times a factor.
  double legible(Size size, double factor) {
    return Math.max(size.width() * 9.6 / 448, size.height() * 10.5 / 448) * factor;
  }

  double factor() {
    return level == Level.FIRST ? dice.between(3.2, 5.0) : dice.between(1.0, 1.35);
  }

  Lettering letters(Typeface face, double size, Weight weight, Color color) {
    return new Lettering(face.at(size, weight), color);
  }

  /// Words of the first level are not turned.
  int slope() {
    return level == Level.FIRST ? 0 : dice.pick(45, 45, 30, 90, 60);
  }

  Letters letters(Typeface face, double font, Color ink, Weight title, Anchor at) {
    return new Letters(
        letters(face, font * dice.between(1.15, 1.5), title, ink),
        letters(face, font * dice.between(1.0, 1.12), Weight.PLAIN, ink),
        letters(face, font, Weight.PLAIN, ink),
        at,
        slope());
  }
}
