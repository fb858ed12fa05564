package io.plm4j.nano.clip;

import io.plm4j.nano.look.Hue;

/// What a thing does during a clip. Times go from 0 at its beginning to 1 at its end.
sealed interface Action {
  /// From one side of the picture to the other.
  record Moves(Heading heading) implements Action {}

  /// Comes in at one side and goes out at the other.
  record Crosses(Heading heading) implements Action {}

  /// To one side and back again.
  record ThereAndBack(Heading heading) implements Action {}

  /// Around the middle of the picture.
  record Circles() implements Action {}

  /// Up and down, several times.
  record Bounces() implements Action {}

  /// Is not there before.
  record Appears(Moment moment) implements Action {}

  /// Is not there after.
  record Vanishes(Moment moment) implements Action {}

  /// Becomes another colour.
  record Recolours(Hue.Named to, Moment moment) implements Action {}

  record Grows() implements Action {}

  record Shrinks() implements Action {}

  /// Turns around itself.
  record Spins() implements Action {}

  record Stays() implements Action {}

  /// When something happens, so that nobody would call it otherwise.
  ///
  /// @param at from 0 to 1
  record Moment(double at) {
    /// In which third of the clip it is.
    String phrase() {
      if (at < 0.35) {
        return "near the beginning";
      }
      return at > 0.65 ? "near the end" : "in the middle";
    }
  }

  /// What one says it does.
  default String verb(Hue.Named color) {
    return switch (this) {
      case Moves(var heading) -> "moves " + heading.path();
      case Crosses(var heading) ->
          "enters at the %s and leaves at the %s".formatted(heading.start(), heading.end());
      case ThereAndBack(var heading) ->
          "moves %s and then back %s".formatted(heading.there(), heading.opposite().there());
      case Circles() -> "moves in a circle";
      case Bounces() -> "bounces up and down";
      case Appears(var moment) -> "appears " + moment.phrase();
      case Vanishes(var moment) -> "disappears " + moment.phrase();
      case Recolours(var to, _) -> "changes from %s to %s".formatted(color.label(), to.label());
      case Grows() -> "grows larger";
      case Shrinks() -> "gets smaller";
      case Spins() -> "spins";
      case Stays() -> "stays still";
    };
  }

  /// Whether it is elsewhere later.
  default boolean isMotion() {
    return switch (this) {
      case Moves _, Crosses _, ThereAndBack _, Circles _, Bounces _ -> true;
      case Appears _, Vanishes _, Recolours _, Grows _, Shrinks _, Spins _, Stays _ -> false;
    };
  }
}
