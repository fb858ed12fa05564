package io.plm4j.nano.clip;

/// Where something moves.
enum Heading {
  RIGHT(1, 0, "left", "right", "to the right"),
  LEFT(-1, 0, "right", "left", "to the left"),
  UP(0, -1, "bottom", "top", "up"),
  DOWN(0, 1, "top", "bottom", "down"),
  UP_RIGHT(1, -1, "the bottom left", "the top right", "up and to the right"),
  UP_LEFT(-1, -1, "the bottom right", "the top left", "up and to the left"),
  DOWN_RIGHT(1, 1, "the top left", "the bottom right", "down and to the right"),
  DOWN_LEFT(-1, 1, "the top right", "the bottom left", "down and to the left");

  private final int dx;
  private final int dy;
  private final String from;
  private final String to;
  private final String there;

  Heading(int dx, int dy, String from, String to, String there) {
    this.dx = dx;
    this.dy = dy;
    this.from = from;
    this.to = to;
    this.there = there;
  }

  int dx() {
    return dx;
  }

  int dy() {
    return dy;
  }

  boolean isDiagonal() {
    return dx != 0 && dy != 0;
  }

  /// `from left to right`.
  String path() {
    return "from %s to %s".formatted(from, to);
  }

  /// `left`.
  String start() {
    return from;
  }

  /// `right`.
  String end() {
    return to;
  }

  /// `to the right`.
  String there() {
    return there;
  }

  /// `right`, `up`; both for a diagonal.
  String word() {
    return there.replace("to the ", "");
  }

  Heading opposite() {
    for (var heading : values()) {
      if (heading.dx == -dx && heading.dy == -dy) {
        return heading;
      }
    }
    throw new IllegalStateException(name());
  }
}
