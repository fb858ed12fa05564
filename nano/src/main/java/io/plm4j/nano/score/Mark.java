package io.plm4j.nano.score;

import java.util.OptionalDouble;

/// How good an answer is.
///
/// @param points from 0 to 1: the part of what was to be right that is right
/// @param error how far it is off, where that can be said: of a reading, the wrong signs as a part
///   of all; of a value off an axis, the distance as a part of the axis; of a box, what it misses
public record Mark(double points, OptionalDouble error) {
  static Mark of(boolean right) {
    return new Mark(right ? 1 : 0, OptionalDouble.empty());
  }

  static Mark of(boolean right, double error) {
    return new Mark(right ? 1 : 0, OptionalDouble.of(error));
  }
}
