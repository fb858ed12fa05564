package io.plm4j.error;

import java.util.List;
import java.util.stream.Collectors;

/// Foreign text made fit for a message: short, and without characters that a terminal obeys.
public final class Excerpt {
  private static final int LENGTH = 120;
  private static final int ITEMS = 5;

  private Excerpt() {}

  /// The text, cut after 120 characters, with `?` for control characters.
  public static String of(String text) {
    var cut = text.length() <= LENGTH ? text : text.substring(0, LENGTH - 3) + "...";
    return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
  }

  /// The first five items, separated by commas; `none` if there are none.
  public static String of(List<String> items) {
    if (items.isEmpty()) {
      return "none";
    }
    return items.stream().limit(ITEMS).map(Excerpt::of).collect(Collectors.joining(", "))
        + (items.size() > ITEMS ? ", ..." : "");
  }
}
