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
import io.plm4j.nano.look.Fonts.Typeface;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Lettering;
import io.plm4j.nano.look.Weight;
import java.awt.Color;
import java.util.List;

/// Looks of the programs that people draw charts with, and mixtures of them.
final class ChartLooks {
  private record Size(int width, int height) {}

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

  private final Dice dice;
  private final Fonts fonts;
  private final Level level;
  private final Style style;

  private ChartLooks(Dice dice, Fonts fonts, Level level, Style style) {
    this.dice = dice;
    this.fonts = fonts;
    this.level = level;
    this.style = style;
  }

  static ChartLook any(Dice dice, Fonts fonts, Level level, Style style) {
    var looks = new ChartLooks(dice, fonts, level, style);
    return switch (style) {
      case TRAIN ->
          switch (dice.weighted(34, 8, 8, 8, 8, 8, 6, 20)) {
            case 0 -> looks.matplotlib();
            case 1 -> looks.seaborn();
            case 2 -> looks.ggplot();
            case 3 -> looks.office();
            case 4 -> looks.minimal();
            case 5 -> looks.web();
            case 6 -> looks.dark();
            default -> looks.mixed();
          };
      case HELD_OUT ->
          switch (dice.weighted(1, 1, 1)) {
            case 0 -> looks.newspaper();
            case 1 -> looks.weekly();
            default -> looks.print();
          };
    };
  }

  private Size size() {
    return dice.pick(style == Style.TRAIN ? SIZES : HELD_OUT_SIZES);
  }

  /// The size of letters that can still be read when the picture is squeezed to 448 pixels a side,
  /// times a factor.
  private double legible(Size size, double factor) {
    return Math.max(size.width() * 9.6 / 448, size.height() * 10.5 / 448) * factor;
  }

  private double factor() {
    return level == Level.FIRST ? dice.between(1.3, 1.8) : dice.between(1.0, 1.35);
  }

  private Lettering letters(Typeface face, double size, Weight weight, Color color) {
    return new Lettering(face.at(size, weight), color);
  }

  private int slope() {
    return dice.pick(45, 45, 30, 90, 60);
  }

  /// 640 x 480 pixels of 100 to the inch, and points for everything.
  private ChartLook matplotlib() {
    var size = dice.chance(0.75) ? new Size(640, 480) : size();
    double point = 100 / 72.0;
    double big = level == Level.FIRST ? 1.3 : dice.chance(0.75) ? 1 : dice.between(1.0, 1.4);
    // Its letters stay as they are in larger pictures, and are then at the edge of what can be read.
    double least = level == Level.THIRD && dice.chance(0.3) ? 0.8 : 1;
    double font = Math.max(10 * point * big, legible(size, least));
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
            letters(face, font * 1.2, dice.chance(0.85) ? Weight.PLAIN : Weight.BOLD, ink),
            letters(face, font, Weight.PLAIN, ink),
            letters(face, font, Weight.PLAIN, ink),
            Anchor.MIDDLE,
            slope()),
        dice.chance(0.6) ? Margins.FIXED : Margins.TIGHT,
        palette,
        new Bars(
            dice.chance(0.7) ? 0.8 : dice.between(0.4, 0.9),
            dice.chance(0.8) ? 0 : 1.2,
            0,
            dice.chance(0.95) ? Bars.Fill.PLAIN : Bars.Fill.HATCHED));
  }

  private ChartLook seaborn() {
    var size = size();
    double font = legible(size, factor());
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
        letters(face, font, ink, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.SEABORN,
        new Bars(0.8, 0, 0, Bars.Fill.PLAIN));
  }

  private Letters letters(Typeface face, double font, Color ink, Weight title, Anchor at) {
    return new Letters(
        letters(face, font * dice.between(1.15, 1.5), title, ink),
        letters(face, font * dice.between(1.0, 1.12), Weight.PLAIN, ink),
        letters(face, font, Weight.PLAIN, ink),
        at,
        slope());
  }

  private ChartLook ggplot() {
    var size = size();
    double font = legible(size, factor());
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
        letters(face, font, ink, Weight.PLAIN, dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        Palette.GGPLOT,
        new Bars(dice.between(0.6, 0.9), 0, 0, Bars.Fill.PLAIN));
  }

  private ChartLook office() {
    var size = size();
    double font = legible(size, factor());
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
        letters(face, font, ink, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.OFFICE,
        new Bars(
            dice.between(0.35, 0.6), 0, 0, dice.chance(0.8) ? Bars.Fill.PLAIN : Bars.Fill.SHADED));
  }

  private ChartLook minimal() {
    var size = size();
    double font = legible(size, factor());
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
        letters(face, font, ink, Weight.BOLD, dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.WHITE),
        new Bars(dice.between(0.5, 0.85), 0, 0, Bars.Fill.PLAIN));
  }

  private ChartLook web() {
    var size = size();
    double font = legible(size, factor());
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
        letters(
            face,
            font,
            ink,
            dice.pick(Weight.PLAIN, Weight.BOLD),
            dice.pick(Anchor.START, Anchor.MIDDLE)),
        Margins.TIGHT,
        dice.pick(Palette.random(dice, style, Hue.WHITE), Palette.TAB10, Palette.SET1),
        new Bars(dice.between(0.5, 0.9), 0, dice.pick(0.0, 4.0, 8.0), Bars.Fill.PLAIN));
  }

  private ChartLook dark() {
    var size = size();
    double font = legible(size, factor());
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
        letters(face, font, Color.WHITE, Weight.PLAIN, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.BLACK),
        new Bars(dice.between(0.5, 0.85), 0, 0, Bars.Fill.PLAIN));
  }

  /// A bit of everything.
  private ChartLook mixed() {
    var size = size();
    double font = legible(size, factor());
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
        letters(
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

  /// Held out: grey paper, heavy lines, title at the left.
  private ChartLook newspaper() {
    var size = size();
    double font = legible(size, factor());
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
        letters(fonts.any(dice, style), font, ink, Weight.BOLD, Anchor.START),
        Margins.TIGHT,
        Palette.FIELDS,
        new Bars(0.7, 0, 0, Bars.Fill.PLAIN));
  }

  /// Held out: pale blue paper, lines of white.
  private ChartLook weekly() {
    var size = size();
    double font = legible(size, factor());
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
        letters(fonts.any(dice, style), font, ink, Weight.BOLD, Anchor.END),
        Margins.TIGHT,
        Palette.OKABE,
        new Bars(0.62, 0, 3, Bars.Fill.PLAIN));
  }

  /// Held out: a book's black box with ticks inside.
  private ChartLook print() {
    var size = size();
    double font = legible(size, factor());
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
        letters(fonts.any(dice, style), font, Color.BLACK, Weight.SLANTED, Anchor.MIDDLE),
        Margins.TIGHT,
        Palette.random(dice, style, Hue.WHITE),
        new Bars(0.55, 2, 0, Bars.Fill.PLAIN));
  }
}
