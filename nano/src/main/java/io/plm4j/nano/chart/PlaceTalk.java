package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Questions where in a picture the ends of bars, the points of lines and the marks of axes are, in
/// percent of its width from the left or of its height from below.
final class PlaceTalk {
  /// An answer may be off by so many percent.
  private static final double TOLERANCE = 4;

  /// Something with a name, and where it is.
  ///
  /// @param part of the picture's width or height, from 0 to 1
  record Place(What what, String name, double part) {}

  /// What is asked for, and which way it is measured.
  enum What {
    TOP("How far up is the top of %s?", "How far up does the bar for %s reach?"),
    END("How far right is the end of %s?", "How far right does the bar for %s reach?"),
    POINT("How far up is the line at %s?", "How far up is the point at %s?"),
    MARK_UP("How far up is the number %s?", "How far up is the mark %s?"),
    MARK_RIGHT("How far right is the number %s?", "How far right is the mark %s?"),
    NAME_UP("How far up is the label %s?", "How far up is the word %s?"),
    NAME_RIGHT("How far right is the label %s?", "How far right is the word %s?");

    private final List<String> questions;

    What(String... questions) {
      this.questions = List.of(questions);
    }
  }

  private PlaceTalk() {}

  static List<Turn> questions(Dice dice, List<Place> places) {
    var turns = new ArrayList<Turn>();
    for (var place : places) {
      double percent = Math.rint(place.part() * 100);
      turns.add(
          new Turn(
              dice.pick(place.what().questions).formatted(place.name()),
              "%.0f%%".formatted(percent),
              new Check.Amount("place in a chart", percent, TOLERANCE)));
    }
    return turns;
  }

  /// The marks of an axis of a plot.
  ///
  /// @param at where one is: a part of the picture
  static List<Place> marks(What what, Axis axis, DoubleUnaryOperator at) {
    return axis.marks().stream()
        .map(mark -> new Place(what, mark.label(), at.applyAsDouble(mark.at())))
        .toList();
  }
}
