package io.plm4j.nano.chart;

import java.util.List;

/// Values that belong together.
///
/// @param name as a legend has it; empty if there is only one
/// @param values one a category
record Series(String name, List<Double> values) {
  Series {
    values = List.copyOf(values);
  }

  /// The index of the highest value.
  int highest() {
    int best = 0;
    for (int i = 1; i < values.size(); i++) {
      best = values.get(i) > values.get(best) ? i : best;
    }
    return best;
  }

  /// The index of the lowest value.
  int lowest() {
    int best = 0;
    for (int i = 1; i < values.size(); i++) {
      best = values.get(i) < values.get(best) ? i : best;
    }
    return best;
  }
}
