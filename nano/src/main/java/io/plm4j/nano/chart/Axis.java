package io.plm4j.nano.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One axis of a chart.
///
/// @param low the value at its start
/// @param high the value at its end
record Axis(double low, double high, List<Mark> marks, Optional<String> name, Direction direction) {
  /// A place on an axis with what stands there.
  record Mark(double at, String label) {}

  /// Where the low end is.
  enum Direction {
    /// Left, or below.
    USUAL,
    /// Right, or above.
    REVERSED
  }

  Axis {
    marks = List.copyOf(marks);
  }

  /// An axis with a category at each whole number, from 0.
  static Axis ofCategories(List<String> names, double margin, Optional<String> name) {
    var marks = new ArrayList<Mark>();
    for (int i = 0; i < names.size(); i++) {
      marks.add(new Mark(i, names.get(i)));
    }
    return new Axis(-margin, names.size() - 1 + margin, marks, name, Direction.USUAL);
  }

  /// An axis of numbers, with marks at round ones.
  static Axis ofNumbers(double low, double high, int mostMarks, Optional<String> name) {
    double step = step(high - low, mostMarks);
    int decimals = decimals(step);
    var marks = new ArrayList<Mark>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      marks.add(new Mark(i * step, String.format(Locale.ROOT, "%." + decimals + "f", i * step)));
    }
    return new Axis(low, high, marks, name, Direction.USUAL);
  }

  /// The first round step with which there are not too many marks.
  static double step(double range, int mostMarks) {
    double power = Math.pow(10, Math.floor(Math.log10(range / mostMarks)));
    for (double factor : new double[] {1, 2, 2.5, 5, 10, 20, 25}) {
      if (range / (factor * power) <= mostMarks) {
        return factor * power;
      }
    }
    throw new IllegalArgumentException("a range of " + range);
  }

  private static int decimals(double step) {
    int decimals = 0;
    while (decimals < 3
        && Math.abs(step * Math.pow(10, decimals) - Math.rint(step * Math.pow(10, decimals)))
            > 1e-6) {
      decimals++;
    }
    return decimals;
  }

  double range() {
    return high - low;
  }

  Axis reversed() {
    return new Axis(low, high, marks, name, Direction.REVERSED);
  }

  /// With a comma for thousands.
  Axis grouped() {
    var grouped =
        marks.stream()
            .map(mark ->
                Math.abs(mark.at()) >= 1000 && mark.label().matches("-?\\d+")
                    ? new Mark(
                        mark.at(), String.format(Locale.ROOT, "%,d", Long.parseLong(mark.label())))
                    : mark)
            .toList();
    return new Axis(low, high, grouped, name, direction);
  }

  /// Where a value lies, from 0 at the start to 1 at the end.
  double part(double value) {
    double part = (value - low) / (high - low);
    return direction == Direction.USUAL ? part : 1 - part;
  }
}
