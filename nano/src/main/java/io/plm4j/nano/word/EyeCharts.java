package io.plm4j.nano.word;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Backdrop;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Lettering;
import io.plm4j.nano.look.Weight;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;

/// Draws rows of letters that make no words, as an oculist shows them.
///
/// One picture asks for as many letters as it has, each in a place of its own. At the first level
/// all places are equal.
public final class EyeCharts {
  private static final int SIDE = 448;

  private final Fonts fonts;
  private final Lexicon lexicon;

  public EyeCharts(Fonts fonts, Lexicon lexicon) {
    this.fonts = fonts;
    this.lexicon = lexicon;
  }

  /// Rows of letters with at most `turns` questions.
  ///
  /// @param grid rows and columns at the first level, about so many at the second
  public Exhibit draw(Dice dice, Level level, Style style, int turns, int grid) {
    int columns = count(dice, level, grid);
    int lines = count(dice, level, grid);
    var rows = rows(dice, columns, lines);
    var ground = dice.chance(0.5) ? Hue.WHITE : dice.pick(Hue.BLACK, dice.pick(Hue.BRIGHT));
    var ink = Inks.on(dice, ground);
    try (var canvas = new Canvas(SIDE, SIDE)) {
      Backdrop.of(dice, ground, style, level).paint(canvas);
      var face = fonts.any(dice, style);
      var weight = dice.pick(Weight.PLAIN, Weight.PLAIN, Weight.BOLD, Weight.BOLD, Weight.SLANTED);
      double wide = SIDE / (double) columns;
      double high = SIDE / (double) lines;
      double size = Math.min(wide * 1.1, high) * dice.between(level.choose(0.7, 0.6, 0.5), 0.95);
      var letters = new Lettering(face.at(size, weight), ink.shade(dice, style));
      double play = level.choose(0.06, 0.1, 0.12) * size;
      // Lines of letters that are smaller than their places stand closer together, and elsewhere.
      double tight = level == Level.FIRST ? 1 : dice.between(0.5, 1.0);
      double across = Math.max(wide * tight, Math.min(wide, size * 0.9));
      double down = Math.max(high * tight, Math.min(high, size));
      double left = dice.between(0.0, SIDE - across * columns);
      double top = dice.between(0.0, SIDE - down * lines);
      for (int row = 0; row < lines; row++) {
        for (int column = 0; column < columns; column++) {
          canvas.text(
              rows.get(row).substring(column, column + 1),
              left + (column + 0.5) * across + dice.between(-play, play),
              top + (row + 0.5) * down + dice.between(-play, play),
              Anchor.MIDDLE,
              Anchor.MIDDLE,
              letters);
        }
      }
      return new Exhibit(
          canvas.still(Blemish.any(dice, level)),
          Conversation.of(
              dice, description(dice, rows, ink, ground), questions(dice, level, rows), turns));
    }
  }

  /// Columns or lines: those of the grid, then somewhat fewer or more, then any number.
  private static int count(Dice dice, Level level, int grid) {
    return switch (level) {
      case FIRST -> grid;
      case SECOND -> dice.between(Math.max(1, grid / 2), grid + grid / 2);
      case THIRD -> dice.between(1, 2 * grid);
    };
  }

  private List<String> rows(Dice dice, int columns, int lines) {
    var rows = new ArrayList<String>();
    for (int row = 0; row < lines; row++) {
      var letters = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        letters.append(lexicon.letter(dice));
      }
      rows.add(letters.toString());
    }
    return List.copyOf(rows);
  }

  private static Turn description(Dice dice, List<String> rows, Hue ink, Hue ground) {
    var facts = new ArrayList<Fact>();
    rows.forEach(row -> facts.add(new Fact.Mention(row)));
    facts.add(new Fact.Mention(ink.label()));
    facts.add(new Fact.Mention(ground.label()));
    return new Turn(
        dice.pick("Describe the image.", "What is in this picture?", "Describe the picture."),
        "The %s \"%s\" in %s on %s."
            .formatted(
                rows.size() == 1 ? "letters" : "rows",
                String.join(" ", rows),
                ink.label(),
                English.background(ground.label())),
        new Check.Facts("describe letters", facts));
  }

  private static List<Turn> questions(Dice dice, Level level, List<String> rows) {
    var turns = new ArrayList<Turn>();
    turns.add(
        reading(
            "read letters",
            dice.pick(
                "What does it say?",
                "Read the letters.",
                "Read the letters row by row.",
                "Read the text."),
            String.join(" ", rows)));
    if (level == Level.FIRST) {
      return turns;
    }
    int row = dice.between(0, rows.size() - 1);
    int column = dice.between(0, rows.getFirst().length() - 1);
    if (rows.size() > 1 && row < English.ORDINALS.size()) {
      turns.add(
          reading(
              "read a row",
              dice.pick("What does the %s line say?", "Read the %s line.")
                  .formatted(English.ORDINALS.get(row)),
              rows.get(row)));
    }
    if (rows.getFirst().length() > 1
        && row < English.ORDINALS.size()
        && column < English.ORDINALS.size()) {
      turns.add(
          reading(
              "find a letter",
              rows.size() == 1
                  ? "What is the %s letter?".formatted(English.ORDINALS.get(column))
                  : "What is the %s letter of the %s line?"
                      .formatted(English.ORDINALS.get(column), English.ORDINALS.get(row)),
              rows.get(row).substring(column, column + 1)));
    }
    return turns;
  }

  private static Turn reading(String topic, String question, String text) {
    return new Turn(question, text, new Check.Reading(topic, text));
  }
}
