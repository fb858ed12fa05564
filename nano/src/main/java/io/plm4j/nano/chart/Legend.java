package io.plm4j.nano.chart;

import java.awt.Color;
import java.util.List;

/// Which colour stands for what.
record Legend(List<Entry> entries, Place place, Key key) {
  static final Legend NONE = new Legend(List.of(), Place.RIGHT, Key.BOX);

  record Entry(Color color, String text) {}

  enum Place {
    /// Over the plot, at its upper right.
    INSIDE,
    /// Over the plot, at its upper left.
    INSIDE_LEFT,
    /// Right of the plot.
    RIGHT,
    /// Below everything.
    BELOW;

    boolean isInside() {
      return this == INSIDE || this == INSIDE_LEFT;
    }
  }

  /// How a colour is shown.
  enum Key {
    BOX,
    LINE
  }

  Legend {
    entries = List.copyOf(entries);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }
}
