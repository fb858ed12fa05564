package io.plm4j.generate.constraint;

import java.util.function.Consumer;

/// How far the reading of one part of an answer (a string, an array, ...) has come.
///
/// States are values: two that are equal have the same future. What comes after the part is not
/// theirs to know; they get it as `rest`.
interface State {
  /// The fewest bytes that end this part.
  int toEnd();

  /// Gives the positions from which reading goes on when this state is reached: itself if it can
  /// read something, and whatever can begin or go on here without a byte being read.
  void enter(Position rest, Consumer<Position> out);

  /// Gives the positions to which a byte leads; none if it cannot stand here.
  ///
  /// @param b 0 to 255
  void read(int b, Position rest, Consumer<Position> out);

  /// A state with the same or a smaller future of which there are fewer kinds, for looking ahead.
  default State forget() {
    return this;
  }
}
