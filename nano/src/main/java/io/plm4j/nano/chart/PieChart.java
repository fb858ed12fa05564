package io.plm4j.nano.chart;

import java.util.List;
import java.util.Locale;

/// What a pie chart says.
///
/// @param percents adding up to 100
/// @param decimals of the percents
/// @param printed whether the percents are written
/// @param labels where the names stand
record PieChart(
    Captions captions,
    List<String> names,
    List<Double> percents,
    BarChart.Printed printed,
    Labels labels,
    int decimals) {
  /// Where a slice's name stands.
  enum Labels {
    AT_SLICES,
    IN_LEGEND
  }

  PieChart {
    names = List.copyOf(names);
    percents = List.copyOf(percents);
  }

  boolean isPrinted() {
    return printed != BarChart.Printed.NOT;
  }

  /// A share as it is written in the picture.
  String print(double percent) {
    return String.format(Locale.ROOT, "%." + decimals + "f%%", percent);
  }

  /// A share as an answer has it.
  String said(double percent) {
    return isPrinted() ? print(percent) : "about " + 5 * Math.round(percent / 5) + "%";
  }

  double tolerance() {
    return isPrinted() ? 0 : 5;
  }

  int largest() {
    int best = 0;
    for (int i = 1; i < percents.size(); i++) {
      best = percents.get(i) > percents.get(best) ? i : best;
    }
    return best;
  }

  int smallest() {
    int best = 0;
    for (int i = 1; i < percents.size(); i++) {
      best = percents.get(i) < percents.get(best) ? i : best;
    }
    return best;
  }
}
