package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Backdrop;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Outline;
import io.plm4j.nano.scene.Figure.SizeWord;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Draws rows of shapes, which are named in order: many at once, for eyes that have seen none yet.
public final class Patterns {
  private static final int SIDE = 448;

  /// Rows of shapes with at most `turns` questions.
  ///
  /// @param grid rows and columns at the first level
  public Exhibit draw(Dice dice, Level level, Style style, int turns, int grid) {
    int columns = level.choose(grid, dice.between(1, 4), dice.between(1, 4));
    int lines = level.choose(grid, dice.between(1, 4), dice.between(1, 4));
    var background = Scenes.background(dice);
    var hues = Hue.brightOn(background);
    double wide = SIDE / (double) columns;
    double high = SIDE / (double) lines;
    double radius =
        Math.min(wide, high) / 2 * (level == Level.FIRST ? 0.9 : dice.between(0.4, 0.9));
    var rows = new ArrayList<List<Figure>>();
    for (int row = 0; row < lines; row++) {
      var figures = new ArrayList<Figure>();
      for (int column = 0; column < columns; column++) {
        var outline = dice.pick(Outline.ALL);
        double own = radius * dice.between(0.75, 1.0);
        double degrees = Figure.tilt(dice, outline);
        figures.add(
            new Figure(
                outline,
                dice.pick(hues).named(dice, style),
                SizeWord.UNSAID,
                (column + 0.5) * wide + dice.between(-1.0, 1.0) * (wide / 2 - own) * 0.6,
                (row + 0.5) * high + dice.between(-1.0, 1.0) * (high / 2 - own) * 0.6,
                own,
                degrees));
      }
      rows.add(List.copyOf(figures));
    }
    try (var canvas = new Canvas(SIDE, SIDE)) {
      Backdrop.of(dice, background, style, level).paint(canvas);
      rows.forEach(row ->
          row.forEach(
              figure -> canvas.fill(figure.shape(), figure.color().color(), figure.outline())));
      var picture = canvas.still(Blemish.any(dice, level));
      var description = description(dice, rows);
      return new Exhibit(
          picture,
          level == Level.FIRST
              ? List.of(description)
              : Conversation.of(dice, description, questions(dice, rows), turns));
    }
  }

  private static String named(List<Figure> row) {
    return row.stream().map(Figure::name).collect(Collectors.joining(", "));
  }

  private static Turn description(Dice dice, List<List<Figure>> rows) {
    var facts = new ArrayList<Fact>();
    rows.forEach(row -> row.forEach(figure -> facts.add(new Fact.Mention(figure.name()))));
    return new Turn(
        dice.pick(
            "List the shapes row by row.", "Name all shapes, row by row.", "What is in each row?"),
        rows.stream().map(row -> named(row) + ".").collect(Collectors.joining(" ")),
        new Check.Facts("list rows", facts));
  }

  private static List<Turn> questions(Dice dice, List<List<Figure>> rows) {
    int row = dice.between(0, rows.size() - 1);
    int column = dice.between(0, rows.getFirst().size() - 1);
    var figure = rows.get(row).get(column);
    return List.of(
        Turn.exact(
            "shape of a row",
            "Which shape is the %s of the %s row?"
                .formatted(English.ORDINALS.get(column), English.ORDINALS.get(row)),
            figure.outline().label()),
        Turn.exact(
            "colour of a row",
            "What color is the %s shape of the %s row?"
                .formatted(English.ORDINALS.get(column), English.ORDINALS.get(row)),
            figure.color().label()));
  }
}
