package io.plm4j.task;

import io.plm4j.region.Box;
import java.util.List;

/// What an answer says, in a form that a program can use.
public sealed interface Finding {
  /// Words are the answer.
  record Words(String text) implements Finding {}

  /// Regions in pixels; none if the answer names none.
  record Boxes(List<Box> boxes) implements Finding {
    public Boxes {
      boxes = List.copyOf(boxes);
    }
  }

  /// Stretches of frames; none if the answer names none.
  record Moments(List<Moment> moments) implements Finding {
    public Moments {
      moments = List.copyOf(moments);
    }
  }

  /// A stretch of frames.
  ///
  /// @param start number of its first frame among those that the model saw, from 0
  /// @param end number of its last frame
  /// @param caption what happens there; empty where the question says it
  record Moment(double start, double end, String caption) {}
}
