package io.plm4j.nano;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a world has to show.
public enum Kind {
  BAR(22),
  LINE(12),
  PIE(10),
  SHAPES(10),
  ROWS(2),
  LETTERS(4),
  WORDS(16),
  CLIPS(16),
  BOXES(5),
  TEXT(3),
  TOLD(3),
  PLACES(5);

  private final int share;

  Kind(int share) {
    this.share = share;
  }

  /// All that a finished model is asked: told pictures only teach it to read, and places in charts
  /// to read values.
  public static final List<Kind> ALL =
      Arrays.stream(values()).filter(kind -> kind != TOLD && kind != PLACES).toList();

  /// As the command line and files have it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Of a hundred pictures of all kinds, so many are of this one.
  int share() {
    return share;
  }

  public static Optional<Kind> named(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }
}
