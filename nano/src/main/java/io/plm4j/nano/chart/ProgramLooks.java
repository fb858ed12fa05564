package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.ChartLook.Bars;
import io.plm4j.nano.chart.ChartLook.Frame;
import io.plm4j.nano.chart.ChartLook.Grid;
import io.plm4j.nano.chart.ChartLook.Letters;
import io.plm4j.nano.chart.ChartLook.Margins;
import io.plm4j.nano.chart.ChartLook.Ticks;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Weight;
import java.awt.Color;

/// Looks of the programs that people draw charts with, and mixtures of them.
final class ProgramLooks {
  private final LookParts parts;
  private final Dice dice;
  private final Fonts fonts;
  private final Level level;
  private final Style style;

  ProgramLooks(LookParts parts) {
    this.parts = parts;
    dice = parts.dice();
    fonts = parts.fonts();
    level = parts.level();
    style = parts.style();
  }

  /// 640 x 480 pixels of 100 to the inch, and points for everything.
  ChartLook matplotlib() {
    var size = dice.chance(0.75) ? new LookParts.Size(640, 480) : parts.size();
    double point = 100 / 72.0;
    double big = dice.chance(0.75) ? 1 : dice.between(1.0, 1.4);
    // Its letters stay as they are in larger pictures, and are then at the edge of what can be
    // read.
    double least =
        level == Level.FIRST ? parts.factor() : level == Level.THIRD && dice.chance(0.3) ? 0.8 : 1;
    double font = Math.max(10 * point * big, parts.legible(size, least));
    var face = fonts.dejaVuSans();
    var ink = Color.BLACK;
    var lines = dice.chance(0.75) ? Grid.Lines.NONE : dice.pick(Grid.Lines.VALUES, Grid.Lines.BOTH);
    var palette =
        dice.chance(0.55)
            ? Palette.TAB10
            : dice.chance(0.5)
                ? Palette.random(dice, style, Hue.WHITE)
                : dice.pick(Palette.SET1, Palette.SEABORN);
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        Color.WHITE,
        Hue.WHITE,
        ink,
        dice.chance(0.85) ? Frame.BOX : Frame.CORNER,
        new Grid(lines, new Color(0xb0b0b0), 0.8 * point, dice.chance(0.3)),
        new Ticks(3.5 * point, 3.5 * point, 9, false),
        new Letters(
            parts.letters(face, font * 1.2, dice.chance(0.85) ? Weight.PLAIN : Weight.BOLD, ink),
            parts.letters(face, font, Weight.PLAIN, ink),
            parts.letters(face, font, Weight.PLAIN, ink),
            Anchor.MIDDLE,
            parts.slope()),
        dice.chance(0.6) ? Margins.FIXED : Margins.TIGHT,
        palette,
        new Bars(
            dice.chance(0.7) ? 0.8 : dice.between(0.4, 0.9),
            dice.chance(0.8) ? 0 : 1.2,
            0,
            dice.chance(0.95) ? Bars.Fill.PLAIN : Bars.Fill.HATCHED));
  }

  ChartLook seaborn() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = dice.chance(0.5) ? fonts.dejaVuSans() : fonts.any(dice, style);
    var ink = new Color(0x262626);
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        dice.chance(0.7) ? new Color(0xeaeaf2) : Color.WHITE,
        Hue.WHITE,
        ink,
        Frame.NONE,
        new Grid(dice.pick(Grid.Lines.VALUES, Grid.Lines.BOTH), Color.WHITE, 1.4, false),
        new Ticks(0, 6, 8, false),
        parts.letters(face, font, ink, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.SEABORN,
        new Bars(0.8, 0, 0, Bars.Fill.PLAIN));
  }

  ChartLook ggplot() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = fonts.any(dice, style);
    var ink = new Color(0x444444);
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        new Color(0xe5e5e5),
        Hue.WHITE,
        ink,
        Frame.NONE,
        new Grid(Grid.Lines.BOTH, Color.WHITE, 1.2, false),
        new Ticks(4, 4, 7, false),
        parts.letters(face, font, ink, Weight.PLAIN, dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        Palette.GGPLOT,
        new Bars(dice.between(0.6, 0.9), 0, 0, Bars.Fill.PLAIN));
  }

  ChartLook office() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = fonts.any(dice, style);
    var ink = new Color(0x595959);
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        Color.WHITE,
        Hue.WHITE,
        ink,
        Frame.FOOT,
        new Grid(Grid.Lines.VALUES, new Color(0xd9d9d9), 1, false),
        new Ticks(0, 7, 7, dice.chance(0.4)),
        parts.letters(face, font, ink, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.OFFICE,
        new Bars(
            dice.between(0.35, 0.6), 0, 0, dice.chance(0.8) ? Bars.Fill.PLAIN : Bars.Fill.SHADED));
  }

  ChartLook minimal() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = fonts.any(dice, style);
    var ink = dice.pick(Color.BLACK, new Color(0x333333), new Color(0x1f2937));
    return new ChartLook(
        size.width(),
        size.height(),
        Color.WHITE,
        Color.WHITE,
        Hue.WHITE,
        ink,
        dice.pick(Frame.FOOT, Frame.CORNER),
        new Grid(Grid.Lines.NONE, Color.WHITE, 1, false),
        new Ticks(dice.pick(0.0, 4.0), 5, 5, false),
        parts.letters(face, font, ink, Weight.BOLD, dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.WHITE),
        new Bars(dice.between(0.5, 0.85), 0, 0, Bars.Fill.PLAIN));
  }

  ChartLook web() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = fonts.any(dice, style);
    var figure = dice.pick(Color.WHITE, new Color(0xfafafa), new Color(0xf8f9fa));
    var ink = dice.pick(new Color(0x666666), new Color(0x374151), new Color(0x2a3f5f));
    return new ChartLook(
        size.width(),
        size.height(),
        figure,
        dice.chance(0.6) ? figure : new Color(0xe5ecf6),
        Hue.WHITE,
        ink,
        dice.pick(Frame.NONE, Frame.FOOT),
        new Grid(
            dice.pick(Grid.Lines.VALUES, Grid.Lines.BOTH),
            new Color(0xdddddd),
            1,
            dice.chance(0.4)),
        new Ticks(0, 6, 8, dice.chance(0.5)),
        parts.letters(
            face,
            font,
            ink,
            dice.pick(Weight.PLAIN, Weight.BOLD),
            dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        dice.pick(Palette.random(dice, style, Hue.WHITE), Palette.TAB10, Palette.SET1),
        new Bars(dice.between(0.5, 0.9), 0, dice.pick(0.0, 4.0, 8.0), Bars.Fill.PLAIN));
  }

  ChartLook dark() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = dice.chance(0.5) ? fonts.dejaVuSans() : fonts.any(dice, style);
    var figure =
        dice.pick(Color.BLACK, new Color(0x111111), new Color(0x1b1b2b), new Color(0x0f172a));
    return new ChartLook(
        size.width(),
        size.height(),
        figure,
        figure,
        Hue.BLACK,
        dice.pick(Color.WHITE, new Color(0xdddddd)),
        dice.pick(Frame.BOX, Frame.CORNER, Frame.FOOT),
        new Grid(
            dice.pick(Grid.Lines.NONE, Grid.Lines.VALUES, Grid.Lines.BOTH),
            new Color(0x444444),
            1,
            dice.chance(0.4)),
        new Ticks(dice.pick(0.0, 4.0), 5, 8, false),
        parts.letters(face, font, Color.WHITE, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.BLACK),
        new Bars(dice.between(0.5, 0.85), 0, 0, Bars.Fill.PLAIN));
  }

  /// A bit of everything.
  ChartLook mixed() {
    var size = parts.size();
    double font = parts.legible(size, parts.factor());
    var face = fonts.any(dice, style);
    var figure =
        dice.pick(
            Color.WHITE,
            new Color(0xfffdf5),
            new Color(0xf0f4f8),
            new Color(0xf5f0e6),
            new Color(0xeef7ee),
            new Color(0xf3eefa));
    var ink = dice.pick(Color.BLACK, new Color(0x222244), new Color(0x333333), new Color(0x553311));
    return new ChartLook(
        size.width(),
        size.height(),
        figure,
        dice.chance(0.5) ? figure : Color.WHITE,
        Hue.WHITE,
        ink,
        dice.pick(Frame.values()[0], Frame.CORNER, Frame.FOOT, Frame.NONE),
        new Grid(
            dice.pick(Grid.Lines.NONE, Grid.Lines.VALUES, Grid.Lines.BOTH),
            dice.pick(new Color(0xcccccc), new Color(0xe0d8c8), new Color(0xbbccdd)),
            dice.between(0.7, 1.6),
            dice.chance(0.5)),
        new Ticks(
            dice.pick(-4.0, 0.0, 4.0, 6.0),
            dice.between(3.0, 8.0),
            dice.between(5, 10),
            dice.chance(0.3)),
        parts.letters(
            face,
            font,
            ink,
            dice.pick(Weight.values()[0], Weight.BOLD),
            dice.pick(Anchor.START, Anchor.MIDDLE)),
        dice.chance(0.15) ? Margins.FIXED : Margins.TIGHT,
        dice.pick(Palette.random(dice, style, Hue.WHITE), Palette.SET1, Palette.TAB10),
        new Bars(
            dice.between(0.4, 0.95),
            dice.pick(0.0, 1.0, 1.5),
            dice.pick(0.0, 0.0, 5.0),
            dice.pick(Bars.Fill.PLAIN, Bars.Fill.PLAIN, Bars.Fill.SHADED, Bars.Fill.HATCHED)));
  }
}
