package io.plm4j.nano.chart;

import java.awt.Color;
import java.util.List;

/// Which colour stands for what.
record Legend(List<Entry> entries, Place place) {
  static final Legend NONE = new Legend(List.of(), Place.RIGHT);

  record Entry(Color color, String text) {}

  enum Place {
    /// Over the plot, at its upper right.
    INSIDE,
    /// Right of the plot.
    RIGHT,
    /// Below everything.
    BELOW
  }

  Legend {
    entries = List.copyOf(entries);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }
}
