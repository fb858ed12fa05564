package io.plm4j.nano.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.PlaceTalk.Place;
import io.plm4j.nano.chart.PlaceTalk.What;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Fonts;
import java.awt.Color;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BarPainterTest {
  private static final List<Double> VALUES = List.of(2.0, 10.0, 5.0);
  private static final List<Color> COLORS =
      List.of(new Color(200, 10, 10), new Color(10, 160, 10), new Color(10, 10, 200));

  private static BarChart chart(BarChart.Lie lie) {
    return new BarChart(
        new Captions(Optional.of("Title"), Optional.empty(), Optional.of("Values")),
        List.of("one", "two", "three"),
        List.of(new Series("", VALUES)),
        new Scale(10, 0),
        lie,
        BarChart.Printed.NOT,
        Axis.ofNumbers(0, 10.5, 6, Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(BarChart.Lie.class)
  void aBarIsAsLongAsItsValue(BarChart.Lie lie) {
    var fonts = new Fonts();
    for (int i = 0; i < 30; i++) {
      var look = ChartLooks.any(Dice.of(4, i), fonts, Level.THIRD, Style.TRAIN);
      if (look.bars().fill() != ChartLook.Bars.Fill.PLAIN || look.bars().edge() > 0) {
        continue;
      }
      try (var canvas = new Canvas(look.width(), look.height())) {
        new BarPainter(chart(lie), look, COLORS, Legend.Place.RIGHT).paint(canvas);
        var lengths = COLORS.stream().map(color -> length(canvas, color, lie)).toList();
        for (int bar = 0; bar < 3; bar++) {
          assertThat(lengths.get(bar) * 10.0 / lengths.get(1))
              .as("look %d, bar %d, %s", i, bar, lengths)
              .isCloseTo(VALUES.get(bar), within(0.15));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BarChart.Lie.class)
  void theEndOfABarIsSaidToBeWhereItIs(BarChart.Lie lie) {
    boolean upright = lie == BarChart.Lie.UPRIGHT;
    for (int i = 0; i < 30; i++) {
      var look = ChartLooks.any(Dice.of(4, i), new Fonts(), Level.THIRD, Style.TRAIN);
      if (look.bars().fill() != ChartLook.Bars.Fill.PLAIN || look.bars().edge() > 0) {
        continue;
      }
      try (var canvas = new Canvas(look.width(), look.height())) {
        var painter = new BarPainter(chart(lie), look, COLORS, Legend.Place.RIGHT);
        painter.paint(canvas);
        var ends =
            painter.places(canvas).stream()
                .filter(place -> place.what() == (upright ? What.TOP : What.END))
                .toList();
        assertThat(ends).extracting(Place::name).containsExactly("one", "two", "three");
        for (int bar = 0; bar < 3; bar++) {
          var extent = extent(canvas, COLORS.get(bar), lie);
          double end =
              upright
                  ? 1 - (double) extent.getMin() / canvas.height()
                  : (extent.getMax() + 1.0) / canvas.width();
          assertThat(ends.get(bar).part())
              .as("look %d, bar %d", i, bar)
              .isCloseTo(end, within(0.01));
        }
      }
    }
  }

  /// Pixels between the first and the last of a colour.
  private static int length(Canvas canvas, Color color, BarChart.Lie lie) {
    var extent = extent(canvas, color, lie);
    return extent.getMax() - extent.getMin() + 1;
  }

  /// The first and the last pixel of a colour, up and down or across.
  private static IntSummaryStatistics extent(Canvas canvas, Color color, BarChart.Lie lie) {
    var picture = canvas.image();
    boolean upright = lie == BarChart.Lie.UPRIGHT;
    return IntStream.range(0, picture.getWidth() * picture.getHeight())
        .filter(i ->
            (picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) & 0xFFFFFF)
                == (color.getRGB() & 0xFFFFFF))
        .map(i -> upright ? i / picture.getWidth() : i % picture.getWidth())
        .summaryStatistics();
  }

  @Test
  void marksAreAtRoundNumbersAsMatplotlibHasThem() {
    var axis = Axis.ofNumbers(0, 10.5, 9, Optional.empty());
    assertThat(axis.marks().stream().map(Axis.Mark::label))
        .containsExactly("0", "2", "4", "6", "8", "10");
    assertThat(Axis.ofNumbers(0.8, 5.2, 9, Optional.empty()).marks().stream().map(Axis.Mark::label))
        .containsExactly("1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0");
  }

  @Test
  void aValueIsSaidNoFinerThanItCanBeRead() {
    var scale = new Scale(100, 0);
    assertThat(scale.rounded(43, 105)).isEqualTo("45");
    assertThat(scale.rounded(43, 45)).isEqualTo("43");
    assertThat(new Scale(5, 1).rounded(3.3, 5.2)).isEqualTo("3.4");
    assertThat(new Scale(5, 1).rounded(3.3, 4.2)).isEqualTo("3.3");
  }

  @ParameterizedTest
  @EnumSource(value = Level.class)
  void aRoundedValueIsWithinTheTolerance(Level level) {
    var dice = Dice.of(6, level.number());
    for (int i = 0; i < 500; i++) {
      var scale = Scale.any(dice, level);
      double range = scale.top() * dice.between(1.0, 1.4);
      double value = Scale.round(dice.between(0, scale.top()), scale.unit());
      assertThat(Double.parseDouble(scale.rounded(value, range)))
          .isCloseTo(value, within(range * 0.05));
    }
  }
}
