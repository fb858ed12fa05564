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
/// all places are equal; at the second some pictures are hardly different from those, and others
/// have letters anywhere, so that who learns from them finds the next step never far away.
public final class EyeCharts {
  private static final int SIDE = 448;

  /// More letters than these are asked for line by line.
  private static final int SHORT = 24;

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
    var places = places(dice, level, grid);
    var rows = rows(dice, places);
    var ground = dice.chance(0.5) ? Hue.WHITE : dice.pick(Hue.BLACK, dice.pick(Hue.BRIGHT));
    var ink = Inks.on(dice, ground);
    try (var canvas = new Canvas(SIDE, SIDE)) {
      Backdrop.of(dice, ground, style, level).paint(canvas);
      var face = fonts.any(dice, style);
      var weight = dice.pick(Weight.PLAIN, Weight.PLAIN, Weight.BOLD, Weight.BOLD, Weight.SLANTED);
      var letters = new Lettering(face.at(places.size(), weight), ink.shade(dice, style));
      for (int row = 0; row < places.lines(); row++) {
        double y = places.top() + (row + 0.5) * places.down();
        if (places.setting() == Setting.RUNNING) {
          canvas.text(
              rows.get(row),
              places.left() + places.anywhere(dice),
              y,
              Anchor.START,
              Anchor.MIDDLE,
              letters);
          continue;
        }
        for (int column = 0; column < places.columns(); column++) {
          canvas.text(
              rows.get(row).substring(column, column + 1),
              places.left() + (column + 0.5) * places.across() + places.anywhere(dice),
              y + places.anywhere(dice),
              Anchor.MIDDLE,
              Anchor.MIDDLE,
              letters);
        }
      }
      var read = rows.stream().map(row -> row.replace(" ", "")).toList();
      return new Exhibit(
          canvas.still(Blemish.any(dice, level)),
          Conversation.of(
              dice, description(dice, read, ink, ground), questions(dice, level, read), turns));
    }
  }

  /// How letters follow one another.
  private enum Setting {
    /// Each in a column.
    COLUMNS,
    /// As in a word.
    RUNNING
  }

  /// Where letters stand, in pixels.
  ///
  /// @param size of the letters
  /// @param across from one column to the next
  /// @param down from one line to the next
  /// @param play how far a letter lies from the middle of its place, at most
  /// @param gaps how many of the places are left empty
  private record Places(
      Setting setting,
      int columns,
      int lines,
      double size,
      double across,
      double down,
      double left,
      double top,
      double play,
      double gaps) {
    double anywhere(Dice dice) {
      return dice.between(-play, play);
    }
  }

  private static Places places(Dice dice, Level level, int grid) {
    return switch (level) {
      case FIRST -> {
        double place = SIDE / (double) grid;
        double size = place * dice.between(0.7, 0.95);
        yield new Places(Setting.COLUMNS, grid, grid, size, place, place, 0, 0, 0.06 * size, 0);
      }
      case SECOND -> dice.chance(0.5) ? gradual(dice, grid) : running(dice, grid);
      case THIRD -> any(dice, grid);
    };
  }

  /// From those of the grid to letters of half and of twice the size at any place.
  private static Places gradual(Dice dice, int grid) {
    double far = dice.between(0.0, 1.0);
    double scale = Math.pow(2, far * dice.between(-1.0, 0.8));
    double across = SIDE / (double) grid * scale * (1 + far * dice.between(-0.15, 0.15));
    double down = SIDE / (double) grid * scale * (1 + far * dice.between(-0.15, 0.15));
    // As many as a model has time to read.
    int columns = Math.min((int) (SIDE / across + 1e-9), grid + grid / 4);
    int lines = Math.min((int) (SIDE / down + 1e-9), grid + grid / 4);
    double size = Math.min(across, down) * dice.between(0.7 - 0.2 * far, 0.95);
    double room = Math.max(0, (Math.min(across, down) - 0.75 * size) / 2);
    return new Places(
        Setting.COLUMNS,
        columns,
        lines,
        size,
        across,
        down,
        free(dice, across * columns),
        free(dice, down * lines),
        0.06 * size + far * Math.max(0, room - 0.06 * size),
        dice.chance(0.5) ? 0 : far * dice.between(0.0, 0.7));
  }

  /// Lines of letters as words have them, some no larger than half a place of the grid.
  private static Places running(Dice dice, int grid) {
    double size = SIDE / (double) grid * Math.pow(2, dice.between(-1.0, 0.6));
    double down = size * dice.between(1.05, 1.6);
    // Some capitals are as wide as the letters' square, most letters are not.
    double across = size * 0.72;
    int columns = dice.between(2, Math.clamp((int) (SIDE / across), 2, grid + grid / 2));
    int lines = dice.between(1, Math.clamp((int) (SIDE / down), 1, grid));
    double play = dice.chance(0.5) ? 0 : 0.3 * size;
    return new Places(
        Setting.RUNNING,
        columns,
        lines,
        size,
        across,
        down,
        play + free(dice, across * columns + 2 * play),
        free(dice, down * lines),
        play,
        0);
  }

  private static Places any(Dice dice, int grid) {
    int columns = dice.between(1, 2 * grid);
    int lines = dice.between(1, 2 * grid);
    double wide = SIDE / (double) columns;
    double high = SIDE / (double) lines;
    double size = Math.min(wide * 1.1, high) * dice.between(0.5, 0.95);
    // Lines of letters that are smaller than their places stand closer together, and elsewhere.
    double tight = dice.between(0.5, 1.0);
    double across = Math.max(wide * tight, Math.min(wide, size * 0.9));
    double down = Math.max(high * tight, Math.min(high, size));
    return new Places(
        Setting.COLUMNS,
        columns,
        lines,
        size,
        across,
        down,
        free(dice, across * columns),
        free(dice, down * lines),
        0.12 * size,
        0);
  }

  /// Where something begins that takes so much of the picture's side.
  private static double free(Dice dice, double taken) {
    return dice.between(0.0, Math.max(0, SIDE - taken));
  }

  /// A letter for each place, a space where it is left empty; no line is empty.
  private List<String> rows(Dice dice, Places places) {
    var rows = new ArrayList<String>();
    for (int row = 0; row < places.lines(); row++) {
      int kept = dice.between(0, places.columns() - 1);
      var letters = new StringBuilder();
      for (int column = 0; column < places.columns(); column++) {
        letters.append(column != kept && dice.chance(places.gaps()) ? " " : lexicon.letter(dice));
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
    int letters = rows.stream().mapToInt(String::length).sum();
    if (level == Level.FIRST || letters <= SHORT) {
      turns.add(
          reading(
              "read letters",
              dice.pick(
                  "What does it say?",
                  "Read the letters.",
                  "Read the letters row by row.",
                  "Read the text."),
              String.join(" ", rows)));
    }
    if (level == Level.FIRST) {
      return turns;
    }
    int row = dice.between(0, rows.size() - 1);
    var line = rows.get(row);
    int column = dice.between(0, line.length() - 1);
    if (rows.size() > 1 && row < English.ORDINALS.size()) {
      turns.add(
          reading(
              "read a row",
              dice.pick("What does the %s line say?", "Read the %s line.")
                  .formatted(English.ORDINALS.get(row)),
              line));
    }
    if (line.length() > 1 && row < English.ORDINALS.size() && column < English.ORDINALS.size()) {
      turns.add(
          reading(
              "find a letter",
              rows.size() == 1
                  ? "What is the %s letter?".formatted(English.ORDINALS.get(column))
                  : "What is the %s letter of the %s line?"
                      .formatted(English.ORDINALS.get(column), English.ORDINALS.get(row)),
              line.substring(column, column + 1)));
    }
    return turns;
  }

  private static Turn reading(String topic, String question, String text) {
    return new Turn(question, text, new Check.Reading(topic, text));
  }
}
