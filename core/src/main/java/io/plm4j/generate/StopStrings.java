package io.plm4j.generate;

import java.util.List;

/// Watches growing text for stop strings. What may be the beginning of one is held back until it is
/// clear.
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /// Takes the next piece of text and returns what may be shown.
  String accept(String piece) {
    held.append(piece);
    int end = held.length();
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && at < end) {
        end = at;
        found = true;
      }
    }
    if (found) {
      held.setLength(end);
      return release(end);
    }
    return release(held.length() - undecided());
  }

  boolean found() {
    return found;
  }

  /// The rest, once no more text comes.
  String finish() {
    return release(held.length());
  }

  private String release(int length) {
    String shown = held.substring(0, length);
    held.delete(0, length);
    return shown;
  }

  /// Length of the longest end of the text that begins some stop string.
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
