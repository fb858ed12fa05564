package io.plm4j.nano.chart;

import io.plm4j.nano.chart.BarChart.Printed;
import java.util.List;

/// What a line chart says.
///
/// @param places what stands for each point below the plot
/// @param at where each point lies on the axis across
/// @param across the axis below the plot
/// @param up the axis of the values
record LineChart(
    Captions captions,
    List<String> places,
    List<Double> at,
    List<Series> series,
    Scale scale,
    Printed printed,
    Axis across,
    Axis up) {
  LineChart {
    places = List.copyOf(places);
    at = List.copyOf(at);
    series = List.copyOf(series);
  }

  Series only() {
    return series.getFirst();
  }

  boolean isPrinted() {
    return printed != Printed.NOT;
  }

  /// Whether a painter can draw it that writes only numbers on its axes, and nothing at points.
  boolean canBeForeign() {
    return !isPrinted() && places.equals(at.stream().map(Scale::trim).toList());
  }

  String said(double value) {
    return isPrinted() ? scale.print(value) : "about " + scale.rounded(value, up.range());
  }

  double tolerance() {
    return isPrinted() ? 0 : up.range() * 0.05;
  }

  /// How a line goes, from its first point to its last.
  enum Trend {
    RISES("rises"),
    FALLS("falls"),
    PEAK("rises and then falls"),
    VALLEY("falls and then rises"),
    NEITHER("goes up and down");

    private final String verb;

    Trend(String verb) {
      this.verb = verb;
    }

    String verb() {
      return verb;
    }
  }

  /// What anybody would say of a line; [Trend#NEITHER] where that is not clear.
  Trend trend(Series line) {
    var values = line.values();
    double range = up.range();
    double net = (values.getLast() - values.getFirst()) / range;
    double high = values.get(line.highest());
    double low = values.get(line.lowest());
    double peak = (high - Math.max(values.getFirst(), values.getLast())) / range;
    double valley = (Math.min(values.getFirst(), values.getLast()) - low) / range;
    double back = furthestBack(values, Math.signum(net)) / range;
    if (peak < 0.1 && valley < 0.1 && back < 0.12 && Math.abs(net) > 0.25) {
      return net > 0 ? Trend.RISES : Trend.FALLS;
    }
    if (peak > 0.2 && valley < 0.1 && wiggles(values) <= 1) {
      return Trend.PEAK;
    }
    if (valley > 0.2 && peak < 0.1 && wiggles(values) <= 1) {
      return Trend.VALLEY;
    }
    return Trend.NEITHER;
  }

  /// How far a line goes against its direction in between.
  private static double furthestBack(List<Double> values, double direction) {
    double furthest = 0;
    double best = values.getFirst() * direction;
    for (double value : values) {
      best = Math.max(best, value * direction);
      furthest = Math.max(furthest, best - value * direction);
    }
    return furthest;
  }

  private static int wiggles(List<Double> values) {
    int turns = 0;
    for (int i = 2; i < values.size(); i++) {
      double before = values.get(i - 1) - values.get(i - 2);
      double after = values.get(i) - values.get(i - 1);
      turns += before * after < 0 ? 1 : 0;
    }
    return turns;
  }
}
