package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.chance.Lexicon.Theme;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.BarChart.Printed;
import io.plm4j.nano.chart.LinePainter.Mark;
import io.plm4j.nano.chart.LinePainter.Pen;
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

/// Draws line charts by chance.
public final class LineCharts {
  private final Fonts fonts;
  private final Lexicon lexicon;

  public LineCharts(Fonts fonts, Lexicon lexicon) {
    this.fonts = fonts;
    this.lexicon = lexicon;
  }

  /// A line chart with at most `turns` questions.
  ///
  /// @param asked not places of several lines, which cross: another chart is drawn
  public Exhibit draw(Dice dice, Level level, Style style, Asked asked, int turns) {
    while (true) {
      var look = ChartLooks.any(dice, fonts, level, style);
      var chart = chart(dice, level, look);
      var palette = look.palette();
      var turned =
          dice.chance(0.6)
              ? palette
              : palette.turned(dice.between(0, palette.swatches().size() - 1));
      var colors = IntStream.range(0, chart.series().size()).mapToObj(turned::get).toList();
      var place =
          dice.pick(
              Legend.Place.INSIDE,
              Legend.Place.INSIDE_LEFT,
              Legend.Place.RIGHT,
              Legend.Place.BELOW);
      var painter = new LinePainter(chart, look, colors, pen(dice, look), place);
      if (!painter.fits() || asked == Asked.PLACES && chart.series().size() > 1) {
        continue;
      }
      try (var canvas = new Canvas(look.width(), look.height())) {
        if (style == Style.HELD_OUT && dice.chance(0.5) && chart.canBeForeign()) {
          new ForeignPainter(look, colors).paint(chart, canvas);
        } else {
          painter.paint(canvas);
        }
        if (asked == Asked.PLACES) {
          var questions = dice.shuffled(PlaceTalk.questions(dice, painter.places(canvas)));
          return new Exhibit(
              canvas.still(Blemish.any(dice, level)),
              questions.subList(0, Math.min(turns, questions.size())));
        }
        var talk = new LineTalk(dice, chart, colors.stream().map(Swatch::hue).toList());
        return new Exhibit(
            canvas.still(Blemish.any(dice, level)),
            Conversation.of(dice, talk.description(), talk.questions(), turns));
      }
    }
  }

  private static Pen pen(Dice dice, ChartLook look) {
    double unit = look.letters().tick().size() / 14;
    return new Pen(
        unit * dice.between(2.0, 3.5),
        dice.chance(0.5)
            ? Mark.NONE
            : dice.pick(Mark.CIRCLE, Mark.CIRCLE, Mark.SQUARE, Mark.TRIANGLE),
        dice.chance(0.85)
            ? List.of()
            : dice.pick(List.of(8f, 5f), List.of(3f, 3f), List.of(10f, 4f, 2f, 4f)),
        dice.chance(0.1));
  }

  private LineChart chart(Dice dice, Level level, ChartLook look) {
    int count = level.choose(3, 5, 6) + dice.between(0, level.choose(1, 3, 6));
    int lines =
        level == Level.FIRST || dice.chance(0.65)
            ? 1
            : level == Level.SECOND ? 2 : dice.between(2, 3);
    var scale = Scale.any(dice, level);
    var names = lines == 1 ? List.of("") : names(dice, lines);
    var theme = Optional.<Theme>empty();
    List<String> places;
    List<Double> at;
    Axis across;
    boolean numbers = dice.chance(0.4);
    if (!numbers) {
      theme = Optional.of(ordered(dice));
      places = Lexicon.members(theme.get(), dice, count);
    } else {
      places = numbers(dice, count);
    }
    var captions = Captions.of(dice, lexicon, theme, level);
    if (numbers) {
      at = places.stream().map(Double::valueOf).toList();
      double margin = (at.getLast() - at.getFirst()) * 0.05;
      across =
          Axis.ofNumbers(
              at.getFirst() - margin,
              at.getLast() + margin,
              level == Level.FIRST ? 4 : dice.between(5, 9),
              captions.across());
    } else {
      at = IntStream.range(0, places.size()).mapToObj(i -> (double) i).toList();
      across = Axis.ofCategories(places, 0.05 * (places.size() - 1), captions.across());
    }
    var series = new ArrayList<Series>();
    for (int i = 0; i < lines; i++) {
      series.add(new Series(names.get(i), values(dice, scale, places.size())));
    }
    var printed =
        lines == 1 && places.size() < 8 && dice.chance(0.25) ? Printed.OUTSIDE : Printed.NOT;
    var up =
        up(dice, look, series, captions.up(), printed != Printed.NOT || lines > 1 ? 1.2 : 1.05);
    return new LineChart(captions, places, at, series, scale, printed, across, up);
  }

  private List<String> names(Dice dice, int lines) {
    return dice.chance(0.6)
        ? Case.FIRST_CAPITAL.of(lexicon.different(dice, lines, 7))
        : Lexicon.members(lexicon.theme(dice), dice, lines);
  }

  private Theme ordered(Dice dice) {
    while (true) {
      var theme = lexicon.theme(dice);
      if (theme.order() == Theme.Order.FIXED && theme.members().size() > 4) {
        return theme;
      }
    }
  }

  private static List<String> numbers(Dice dice, int count) {
    int step = dice.pick(1, 1, 1, 2, 5, 10);
    int first = step * dice.pick(0, 1, 1);
    return IntStream.range(0, count).mapToObj(i -> Integer.toString(first + i * step)).toList();
  }

  /// A line that goes somewhere, or wanders.
  private static List<Double> values(Dice dice, Scale scale, int count) {
    while (true) {
      int shape = dice.between(0, 4);
      double from = dice.between(0.1, 0.9);
      double to = dice.between(0.1, 0.9);
      double bend = dice.between(0.3, 0.7);
      double noise = dice.pick(0.02, 0.05, 0.1);
      var values = new ArrayList<Double>();
      for (int i = 0; i < count; i++) {
        double t = count == 1 ? 0 : (double) i / (count - 1);
        double middle =
            switch (shape) {
              case 0, 1 -> from + (to - from) * t;
              case 2 -> 0.15 + 0.8 * (1 - Math.abs(t - bend) / Math.max(bend, 1 - bend));
              case 3 -> 0.15 + 0.8 * Math.abs(t - bend) / Math.max(bend, 1 - bend);
              default -> dice.between(0.1, 1.0);
            };
        double value = Math.clamp(middle + dice.gaussian(noise), 0.03, 1.0) * scale.top();
        values.add(Math.max(scale.unit(), Scale.round(value, scale.unit())));
      }
      var line = new Series("", values);
      double high = values.get(line.highest());
      double low = values.get(line.lowest());
      double margin = Math.max(scale.unit(), (high - low) * 0.06);
      boolean clear =
          values.stream().filter(v -> high - v < margin).count() == 1
              && values.stream().filter(v -> v - low < margin).count() == 1;
      if (clear && high - low >= 3 * scale.unit()) {
        return List.copyOf(values);
      }
    }
  }

  /// As matplotlib: what the data needs and a twentieth more; or from 0.
  private static Axis up(
      Dice dice, ChartLook look, List<Series> series, Optional<String> name, double head) {
    double high =
        series.stream().flatMap(s -> s.values().stream()).mapToDouble(v -> v).max().orElseThrow();
    double low =
        series.stream().flatMap(s -> s.values().stream()).mapToDouble(v -> v).min().orElseThrow();
    double range = high - low;
    double start = dice.chance(0.35) ? 0 : Math.max(0, low - range * 0.05);
    double end = low + range * head;
    int most = Math.max(4, look.ticks().most() - dice.between(0, 2));
    if (dice.chance(0.3)) {
      double step = Axis.step(end - start, most);
      start = Math.floor(start / step + 1e-9) * step;
      end = Math.ceil(end / step - 1e-9) * step;
    }
    var axis = Axis.ofNumbers(start, Math.max(end, high + range * 0.02), most, name);
    return look.ticks().grouped() ? axis.grouped() : axis;
  }
}
