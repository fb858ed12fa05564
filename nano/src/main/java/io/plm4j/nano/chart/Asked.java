package io.plm4j.nano.chart;

/// What a chart is asked.
public enum Asked {
  /// What anybody would ask.
  EVERYTHING,
  /// Only where in the picture things are, as numbers: for training, because who knows how far up a
  /// bar and the marks beside it reach can read its value.
  PLACES
}
