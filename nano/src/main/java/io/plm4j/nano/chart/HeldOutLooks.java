package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.ChartLook.Bars;
import io.plm4j.nano.chart.ChartLook.Frame;
import io.plm4j.nano.chart.ChartLook.Grid;
import io.plm4j.nano.chart.ChartLook.Margins;
import io.plm4j.nano.chart.ChartLook.Ticks;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Weight;
import java.awt.Color;

/// Looks that no model learns from.
final class HeldOutLooks {
  private final LookParts parts;
  private final Dice dice;
  private final Fonts fonts;
  private final Style style;

  HeldOutLooks(LookParts parts) {
    this.parts = parts;
    dice = parts.dice();
    fonts = parts.fonts();
    style = parts.style();
  }

  /// Held out: grey paper, heavy lines, title at the left.
  ChartLook newspaper() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var ink = new Color(0x3c3c3c);
    var paper = new Color(0xf0f0f0);
    return new ChartLook(
        size.width(),
        size.height(),
        paper,
        paper,
        Hue.WHITE,
        ink,
        Frame.NONE,
        new Grid(Grid.Lines.BOTH, new Color(0xcbcbcb), 1.6, false),
        new Ticks(0, 8, 6, false),
        parts.letters(fonts.any(dice, style), font, ink, Weight.BOLD, Anchor.START),
        Margins.TIGHT,
        Palette.FIELDS,
        new Bars(0.7, 0, 0, Bars.Fill.PLAIN));
  }

  /// Held out: pale blue paper, lines of white.
  ChartLook weekly() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var ink = new Color(0x14303a);
    var paper = new Color(0xd5e4eb);
    return new ChartLook(
        size.width(),
        size.height(),
        paper,
        paper,
        Hue.WHITE,
        ink,
        Frame.FOOT,
        new Grid(Grid.Lines.VALUES, Color.WHITE, 1.8, false),
        new Ticks(5, 5, 6, false),
        parts.letters(fonts.any(dice, style), font, ink, Weight.BOLD, Anchor.END),
        Margins.TIGHT,
        Palette.OKABE,
        new Bars(0.62, 0, 3, Bars.Fill.PLAIN));
  }

  /// Held out: a book's black box with ticks inside.
  ChartLook print() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        new Color(0xfff8e7),
        Hue.WHITE,
        Color.BLACK,
        Frame.BOX,
        new Grid(Grid.Lines.NONE, Color.WHITE, 1, false),
        new Ticks(-6, 6, 6, false),
        parts.letters(fonts.any(dice, style), font, Color.BLACK, Weight.SLANTED, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.WHITE),
        new Bars(0.55, 2, 0, Bars.Fill.PLAIN));
  }
}
