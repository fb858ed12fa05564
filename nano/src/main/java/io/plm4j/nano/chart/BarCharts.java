package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.chance.Lexicon.Theme;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.BarChart.Lie;
import io.plm4j.nano.chart.BarChart.Printed;
import io.plm4j.nano.chart.Palette.Swatch;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.Exhibit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Draws bar charts by chance.
public final class BarCharts {
  private final Fonts fonts;
  private final Lexicon lexicon;

  public BarCharts(Fonts fonts, Lexicon lexicon) {
    this.fonts = fonts;
    this.lexicon = lexicon;
  }

  /// A bar chart in words instead of a picture, with questions about the numbers in it.
  public Exhibit tell(Dice dice, Level level, int turns) {
    while (true) {
      var chart = chart(dice, level, ChartLooks.any(dice, fonts, level, Style.TRAIN));
      if (!chart.isGrouped()) {
        var talk = new BarTalk(dice, chart, List.of(Optional.empty()));
        return ToldChart.of(dice, talk.description(), talk::questions, turns);
      }
    }
  }

  /// A bar chart with at most `turns` questions.
  ///
  /// @param asked not places of a grouped chart, for which there are no names: another is drawn
  public Exhibit draw(Dice dice, Level level, Style style, Asked asked, int turns) {
    while (true) {
      var look = ChartLooks.any(dice, fonts, level, style);
      var chart = chart(dice, level, look);
      var palette = palette(dice, level, chart, look);
      var place =
          dice.pick(
              Legend.Place.INSIDE,
              Legend.Place.INSIDE_LEFT,
              Legend.Place.RIGHT,
              Legend.Place.BELOW);
      var painter =
          new BarPainter(chart, look, palette.stream().map(Swatch::color).toList(), place);
      if (!painter.fits() || asked == Asked.PLACES && chart.isGrouped()) {
        continue;
      }
      try (var canvas = new Canvas(look.width(), look.height())) {
        if (style == Style.HELD_OUT
            && dice.chance(0.6)
            && ForeignPainter.canPaint(chart, palette)) {
          new ForeignPainter(look, palette).paint(chart, canvas);
        } else {
          painter.paint(canvas);
        }
        var picture = canvas.still(Blemish.any(dice, level));
        if (asked == Asked.PLACES) {
          var questions = dice.shuffled(PlaceTalk.questions(dice, painter.places(canvas)));
          return new Exhibit(picture, questions.subList(0, Math.min(turns, questions.size())));
        }
        var hues = palette.stream().map(Swatch::hue).toList();
        if (chart.isGrouped()) {
          var talk = new GroupTalk(dice, chart, hues);
          return new Exhibit(
              picture, Conversation.of(dice, talk.description(), talk.questions(), turns));
        }
        var talk = new BarTalk(dice, chart, hues);
        return new Exhibit(
            picture, Conversation.of(dice, talk.description(), talk.questions(), turns));
      }
    }
  }

  private BarChart chart(Dice dice, Level level, ChartLook look) {
    boolean grouped = level == Level.THIRD && dice.chance(0.18);
    int count =
        grouped
            ? dice.between(2, 4)
            : switch (level) {
              case FIRST -> dice.between(2, 3);
              case SECOND -> dice.between(3, 5);
              case THIRD -> dice.between(3, 8);
            };
    Optional<Theme> theme =
        dice.chance(level == Level.FIRST ? 0.3 : 0.5)
            ? Optional.of(lexicon.theme(dice))
            : Optional.empty();
    var categories =
        theme
            .map(t -> Lexicon.members(t, dice, count))
            .orElseGet(() ->
                dice.pick(
                        Case.SMALL,
                        Case.SMALL,
                        Case.FIRST_CAPITAL,
                        Case.FIRST_CAPITAL,
                        Case.CAPITALS)
                    .of(lexicon.different(dice, count, level.choose(5, 8, 9))));
    var scale = Scale.any(dice, level);
    int groups = grouped ? dice.between(2, 3) : 1;
    var names =
        grouped
            ? dice.chance(0.5)
                ? Case.FIRST_CAPITAL.of(lexicon.different(dice, groups, 7))
                : Lexicon.members(lexicon.theme(dice), dice, groups)
            : List.of("");
    var series = new ArrayList<Series>();
    for (int i = 0; i < Math.min(groups, names.size()); i++) {
      series.add(new Series(names.get(i), scale.values(dice, categories.size(), 0.06)));
    }
    var lie = dice.chance(level.choose(0.1, 0.2, 0.25)) ? Lie.FLAT : Lie.UPRIGHT;
    var printed =
        dice.chance(0.45)
            ? dice.pick(Printed.OUTSIDE, Printed.OUTSIDE, Printed.INSIDE)
            : Printed.NOT;
    var captions = Captions.of(dice, lexicon, theme, level);
    double highest =
        series.stream().flatMap(s -> s.values().stream()).mapToDouble(v -> v).max().orElseThrow();
    return new BarChart(
        captions,
        categories,
        series,
        scale,
        lie,
        printed,
        values(
            dice,
            look,
            highest,
            printed,
            grouped ? Optional.of(names) : Optional.empty(),
            captions.up()));
  }

  /// The axis of the values: as long as matplotlib makes it, or to the next round number.
  private static Axis values(
      Dice dice,
      ChartLook look,
      double highest,
      Printed printed,
      Optional<List<String>> legend,
      Optional<String> name) {
    double head = printed == Printed.NOT ? 1.05 : 1.12;
    head = legend.isPresent() ? head * 1.3 : head;
    int most = Math.max(3, look.ticks().most() - dice.between(0, 3));
    double end = highest * head;
    if (dice.chance(0.4)) {
      double step = Axis.step(end, most);
      end = Math.ceil(end / step - 1e-9) * step;
    }
    var axis = Axis.ofNumbers(0, end, most, name);
    return look.ticks().grouped() ? axis.grouped() : axis;
  }

  private static List<Swatch> palette(Dice dice, Level level, BarChart chart, ChartLook look) {
    int count = chart.isGrouped() ? chart.series().size() : chart.categories().size();
    var palette = look.palette();
    if (!chart.isGrouped() && dice.chance(level == Level.FIRST ? 0.4 : 0.55)) {
      int which = dice.chance(0.5) ? 0 : dice.between(0, palette.swatches().size() - 1);
      return List.of(palette.get(which));
    }
    var turned =
        dice.chance(0.5) ? palette : palette.turned(dice.between(0, palette.swatches().size() - 1));
    return IntStream.range(0, count).mapToObj(turned::get).toList();
  }
}
