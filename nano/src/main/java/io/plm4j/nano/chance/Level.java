package io.plm4j.nano.chance;

/// How hard a picture is.
public enum Level {
  /// One thing, large: a word, a shape, two or three bars in a plain style.
  FIRST(1),
  /// A few things, and most styles.
  SECOND(2),
  /// As much as 448 pixels a side can show.
  THIRD(3);

  private final int number;

  Level(int number) {
    this.number = number;
  }

  /// From 1 to 3.
  public int number() {
    return number;
  }

  public boolean atLeast(Level other) {
    return number >= other.number;
  }

  /// One of three values, by level.
  public <T> T choose(T first, T second, T third) {
    return switch (this) {
      case FIRST -> first;
      case SECOND -> second;
      case THIRD -> third;
    };
  }
}
