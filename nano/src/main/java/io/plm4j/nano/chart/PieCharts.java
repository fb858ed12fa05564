package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.chance.Lexicon.Theme;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.BarChart.Printed;
import io.plm4j.nano.chart.Palette.Swatch;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.Exhibit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Draws pie charts by chance.
public final class PieCharts {
  /// Thinner slices have no room for a word.
  private static final int LEAST_PERCENT = 6;

  private final Fonts fonts;
  private final Lexicon lexicon;

  public PieCharts(Fonts fonts, Lexicon lexicon) {
    this.fonts = fonts;
    this.lexicon = lexicon;
  }

  /// A pie chart in words instead of a picture, with questions about the numbers in it.
  public Exhibit tell(Dice dice, Level level, int turns) {
    var chart = chart(dice, level);
    var hues = Collections.nCopies(chart.names().size(), Optional.<Hue>empty());
    var talk = new PieTalk(dice, chart, hues);
    return ToldChart.of(dice, talk.description(), talk::questions, turns);
  }

  /// A pie chart with at most `turns` questions.
  public Exhibit draw(Dice dice, Level level, Style style, int turns) {
    while (true) {
      var look = ChartLooks.any(dice, fonts, level, style);
      var chart = chart(dice, level);
      if (!look.palette().differ(chart.names().size())) {
        continue;
      }
      var turned =
          dice.chance(0.5)
              ? look.palette()
              : look.palette().turned(dice.between(0, look.palette().swatches().size() - 1));
      var colors = IntStream.range(0, chart.names().size()).mapToObj(turned::get).toList();
      var painter =
          new PiePainter(
              chart,
              look,
              colors,
              dice.pick(0.0, 0.0, 90.0, 90.0, dice.between(0, 360) * 1.0),
              dice.chance(0.65) ? 1 : -1,
              dice.chance(0.15) ? dice.between(0.35, 0.6) : 0,
              dice.pick(0.0, 0.0, 1.0, 2.5));
      if (!painter.fits()) {
        continue;
      }
      try (var canvas = new Canvas(look.width(), look.height())) {
        if (style == Style.HELD_OUT && dice.chance(0.5)) {
          new ForeignPainter(look, colors).paint(chart, canvas);
        } else {
          painter.paint(canvas);
        }
        var talk = new PieTalk(dice, chart, colors.stream().map(Swatch::hue).toList());
        return new Exhibit(
            canvas.still(Blemish.any(dice, level)),
            Conversation.of(dice, talk.description(), talk.questions(), turns));
      }
    }
  }

  private PieChart chart(Dice dice, Level level) {
    int count = level.choose(2, 3, 3) + dice.between(0, level.choose(1, 1, 3));
    Optional<Theme> theme = dice.chance(0.5) ? Optional.of(lexicon.theme(dice)) : Optional.empty();
    var names =
        theme
            .map(t -> Lexicon.members(t, dice, count))
            .orElseGet(() ->
                dice.pick(Case.SMALL, Case.FIRST_CAPITAL, Case.CAPITALS)
                    .of(lexicon.different(dice, count, level.choose(5, 7, 8))));
    int decimals = dice.chance(0.6) ? 0 : 1;
    return new PieChart(
        Captions.of(dice, lexicon, theme, level),
        names,
        percents(dice, names.size(), decimals),
        dice.chance(0.65) ? Printed.INSIDE : Printed.NOT,
        dice.chance(0.7) ? PieChart.Labels.AT_SLICES : PieChart.Labels.IN_LEGEND,
        decimals);
  }

  private static List<Double> percents(Dice dice, int count, int decimals) {
    double unit = decimals == 0 ? 1 : dice.pick(0.1, 0.1, 1.0, 5.0);
    while (true) {
      var percents = new ArrayList<Double>();
      double left = 100;
      var weights = IntStream.range(0, count).mapToObj(i -> dice.between(0.15, 1.0)).toList();
      double sum = weights.stream().mapToDouble(w -> w).sum();
      for (int i = 0; i < count - 1; i++) {
        double percent = Scale.round(100 * weights.get(i) / sum, unit);
        percents.add(percent);
        left -= percent;
      }
      percents.add(Scale.round(left, unit));
      var sorted = percents.stream().sorted().toList();
      boolean clear =
          sorted.getFirst() >= LEAST_PERCENT
              && sorted.get(1) - sorted.getFirst() >= 3
              && sorted.getLast() - sorted.get(count - 2) >= 3;
      if (clear) {
        return List.copyOf(percents);
      }
    }
  }
}
