package io.plm4j.nano.word;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Backdrop;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Lettering;
import io.plm4j.nano.look.Weight;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.word.Print.Board;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Draws printed words by chance.
public final class Prints {
  private static final int[][] SIZES = {
    {448, 448}, {448, 448}, {640, 480}, {480, 360}, {600, 400}, {512, 384}, {640, 360}, {400, 400}
  };

  /// In a picture that is squeezed to 448 pixels a side, smaller letters cannot be read.
  private static final double LEAST_SIZE = 17.0 / 448;

  private final Fonts fonts;
  private final Lexicon lexicon;

  public Prints(Fonts fonts, Lexicon lexicon) {
    this.fonts = fonts;
    this.lexicon = lexicon;
  }

  /// A picture of words with at most `turns` questions.
  public Exhibit draw(Dice dice, Level level, Style style, int turns) {
    int[] size = SIZES[dice.between(0, SIZES.length - 1)];
    while (true) {
      var print = print(dice, level);
      var canvas = new Canvas(size[0], size[1]);
      try (canvas) {
        if (!paint(dice, level, style, print, canvas)) {
          continue;
        }
        var talk = new PrintTalk(dice, print);
        return new Exhibit(
            canvas.still(Blemish.any(dice, level)),
            Conversation.of(dice, talk.description(), talk.questions(), turns));
      }
    }
  }

  private Print print(Dice dice, Level level) {
    var lines = lines(dice, level);
    var ground =
        dice.chance(0.4)
            ? Hue.WHITE
            : dice.pick(Hue.BLACK, Hue.YELLOW, dice.pick(Hue.BRIGHT), Hue.GRAY);
    var ink = Inks.on(dice, ground);
    boolean sign = level != Level.FIRST && dice.chance(0.35);
    var around = dice.pick(Hue.brightOn(ground));
    return new Print(
        lines,
        ink,
        ground,
        sign
            ? Optional.of(dice.pick(Board.SIGN, Board.SIGN, Board.ROUND, Board.CARD))
            : Optional.empty(),
        around);
  }

  private List<String> lines(Dice dice, Level level) {
    if (level == Level.FIRST) {
      return List.of(dice.chance(0.35) ? lexicon.code(dice, dice.between(1, 3)) : one(dice, 7));
    }
    if (level == Level.SECOND || dice.chance(0.4)) {
      int words = dice.between(1, level == Level.SECOND ? 2 : 3);
      var style = style(dice);
      return dice.chance(0.25)
          ? List.of(one(dice, 10))
          : broken(dice, style.of(lexicon.different(dice, words, 9)));
    }
    var style = style(dice);
    int words = dice.between(3, 7);
    var all = new ArrayList<>(style.of(lexicon.different(dice, words, 9)));
    if (dice.chance(0.3)) {
      all.set(dice.between(0, words - 1), number(dice));
    }
    return broken(dice, all);
  }

  private static Case style(Dice dice) {
    return dice.pick(Case.SMALL, Case.FIRST_CAPITAL, Case.CAPITALS);
  }

  private static List<String> broken(Dice dice, List<String> words) {
    var lines = new ArrayList<String>();
    int most = words.size() <= 2 ? dice.between(1, 2) : dice.between(1, 3);
    while ((words.size() + most - 1) / most > 4) {
      most++;
    }
    for (int i = 0; i < words.size(); i += most) {
      lines.add(String.join(" ", words.subList(i, Math.min(words.size(), i + most))));
    }
    return lines;
  }

  private String one(Dice dice, int mostLetters) {
    return switch (dice.weighted(50, 15, 15, 20)) {
      case 0 -> style(dice).of(lexicon.word(dice, mostLetters));
      case 1 -> style(dice).of(lexicon.syllables(dice, mostLetters));
      case 2 -> lexicon.code(dice, dice.between(1, 6));
      default -> number(dice);
    };
  }

  private static String number(Dice dice) {
    return switch (dice.between(0, 7)) {
      case 0 -> "$%d.%02d".formatted(dice.between(0, 99), dice.pick(0, 25, 49, 50, 75, 95, 99));
      case 1 -> "%d:%02d".formatted(dice.between(0, 23), dice.between(0, 59));
      case 2 -> dice.between(1, 100) + "%";
      case 3 -> String.format(Locale.ROOT, "%.1f", dice.between(0.1, 99.9));
      case 4 -> Integer.toString(dice.between(1000, 9999));
      case 5 -> Integer.toString(dice.between(0, 9));
      default -> Integer.toString(dice.between(10, 999));
    };
  }

  /// False if the words do not fit in letters that can be read.
  private boolean paint(Dice dice, Level level, Style style, Print print, Canvas canvas) {
    double width = canvas.width();
    double height = canvas.height();
    double degrees = level == Level.FIRST || dice.chance(0.6) ? 0 : dice.between(-12.0, 12.0);
    var board = board(dice, print, width, height, degrees);
    double roomWidth =
        (print.sign().isPresent()
                ? board.getBounds2D().getWidth() * (print.sign().get() == Board.ROUND ? 0.72 : 0.86)
                : width * 0.92)
            * (degrees == 0 ? 1 : 0.92);
    double roomHeight =
        (print.sign().isPresent()
                ? board.getBounds2D().getHeight() * (print.sign().get() == Board.ROUND ? 0.6 : 0.8)
                : height * 0.9)
            * (degrees == 0 ? 1 : 0.85);
    var face = fonts.any(dice, style);
    var weight = dice.pick(Weight.PLAIN, Weight.PLAIN, Weight.BOLD, Weight.BOLD, Weight.SLANTED);
    var ink = print.ink().shade(dice, style);
    var unit = new Lettering(face.at(100, weight), ink);
    double widest = print.lines().stream().mapToDouble(unit::width).max().orElseThrow();
    double spacing = 1.25;
    double most = Math.min(roomWidth / widest * 100, roomHeight / (print.lines().size() * spacing));
    double least = Math.max(width, height) * LEAST_SIZE * level.choose(2.2, 1.6, 1.05);
    if (most < least) {
      return false;
    }
    double largest = Math.max(least, Math.min(most, height * level.choose(0.2, 0.5, 0.5)));
    double size = least + (largest - least) * dice.between(0.0, 1.0);
    if (size < least * 0.99) {
      return false;
    }
    var letters = unit.at(size);
    var backdrop =
        print.sign().isPresent()
            ? Backdrop.of(dice, print.around(), style, level)
            : Backdrop.of(dice, print.ground(), style, level);
    backdrop.paint(canvas);
    double x = width / 2;
    double y = height / 2;
    if (print.sign().isPresent()) {
      var color = print.ground().shade(dice, style);
      canvas.fill(board, color);
      if (dice.chance(0.6)) {
        canvas.stroke(board, dice.chance(0.5) ? ink : Color.DARK_GRAY, dice.between(2.0, 6.0));
      }
      x = board.getBounds2D().getCenterX();
      y = board.getBounds2D().getCenterY();
    } else {
      double slackX = Math.max(0, width * 0.94 - letters.width(longest(print, letters))) / 2;
      double slackY = Math.max(0, height * 0.92 - size * spacing * print.lines().size()) / 2;
      double loose = degrees == 0 ? 1 : 0.3;
      x += dice.between(-slackX, slackX) * loose;
      y += dice.between(-slackY, slackY) * loose;
    }
    write(dice, canvas, print, letters, x, y, size * spacing, degrees);
    return true;
  }

  private static String longest(Print print, Lettering letters) {
    return print.lines().stream()
        .max(java.util.Comparator.comparingDouble(letters::width))
        .orElseThrow();
  }

  private static void write(
      Dice dice,
      Canvas canvas,
      Print print,
      Lettering letters,
      double x,
      double y,
      double row,
      double degrees) {
    var before = canvas.graphics().getTransform();
    canvas.graphics().rotate(Math.toRadians(degrees), x, y);
    boolean left = print.lines().size() > 1 && dice.chance(0.35);
    double start = x - letters.width(longest(print, letters)) / 2;
    double top = y - row * (print.lines().size() - 1) / 2;
    for (int i = 0; i < print.lines().size(); i++) {
      canvas.text(
          print.lines().get(i),
          left ? start : x,
          top + i * row,
          left ? Anchor.START : Anchor.MIDDLE,
          Anchor.MIDDLE,
          letters);
    }
    canvas.graphics().setTransform(before);
  }

  private static Shape board(Dice dice, Print print, double width, double height, double degrees) {
    if (print.sign().isEmpty()) {
      return new Rectangle2D.Double(0, 0, width, height);
    }
    double w = width * dice.between(0.65, 0.9);
    double h = height * dice.between(0.45, 0.8);
    double x = (width - w) * dice.between(0.2, 0.8);
    double y = (height - h) * dice.between(0.2, 0.8);
    Shape shape =
        switch (print.sign().get()) {
          case SIGN -> new RoundRectangle2D.Double(x, y, w, h, 24, 24);
          case CARD -> new Rectangle2D.Double(x, y, w, h);
          case ROUND -> {
            double side = Math.min(width, height) * dice.between(0.75, 0.95);
            yield new Ellipse2D.Double((width - side) / 2, (height - side) / 2, side, side);
          }
        };
    return AffineTransform.getRotateInstance(
            Math.toRadians(degrees),
            shape.getBounds2D().getCenterX(),
            shape.getBounds2D().getCenterY())
        .createTransformedShape(shape);
  }
}
