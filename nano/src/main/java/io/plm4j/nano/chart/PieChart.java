package io.plm4j.nano.chart;

import java.util.List;

/// What a pie chart says.
///
/// @param percents in whole percent, adding up to 100
/// @param printed whether the percents are written
/// @param labels where the names stand
record PieChart(
    Captions captions,
    List<String> names,
    List<Integer> percents,
    BarChart.Printed printed,
    Labels labels,
    String format) {
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
  String print(int percent) {
    return format.formatted((double) percent);
  }

  /// A share as an answer has it.
  String said(int percent) {
    return isPrinted() ? percent + "%" : "about " + 5 * Math.round(percent / 5.0) + "%";
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
