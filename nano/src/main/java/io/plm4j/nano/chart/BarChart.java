package io.plm4j.nano.chart;

import java.util.List;
import java.util.Optional;

/// What a bar chart says.
///
/// @param series one, or several whose bars stand side by side
/// @param printed whether each bar has its value written at it
record BarChart(
    Captions captions,
    List<String> categories,
    List<Series> series,
    Scale scale,
    Lie lie,
    Printed printed,
    Axis values) {
  /// How bars lie.
  enum Lie {
    UPRIGHT,
    FLAT
  }

  /// Whether values are written at the data.
  enum Printed {
    NOT,
    OUTSIDE,
    INSIDE
  }

  BarChart {
    categories = List.copyOf(categories);
    series = List.copyOf(series);
  }

  Series only() {
    return series.getFirst();
  }

  boolean isGrouped() {
    return series.size() > 1;
  }

  boolean isPrinted() {
    return printed != Printed.NOT;
  }

  /// A value as an answer has it: exact where it is printed, else as well as it can be read.
  String said(double value) {
    return isPrinted() ? scale.print(value) : "about " + scale.rounded(value, values.range());
  }

  /// How far an answer may be off.
  double tolerance() {
    return isPrinted() ? 0 : values.range() * 0.05;
  }

  Optional<String> title() {
    return captions.title();
  }
}
