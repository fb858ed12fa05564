package io.plm4j.text.jinja;

import java.util.Arrays;
import java.util.List;

/// A string that remembers which of its characters came from a person and which from the template.
///
/// Rendering keeps the memory through trimming, slicing, joining and the rest, so that whoever
/// reads the result can tell a control token of the template from the same characters in a
/// question. Two texts are equal if their characters are.
public final class TracedText {
  private static final int[] NOWHERE = {};

  static final TracedText EMPTY = new TracedText("", NOWHERE);

  private final String value;

  /// Sorted, disjoint, non-empty ranges [from, to) of characters that a person typed, one after
  /// another.
  private final int[] typed;

  private TracedText(String value, int[] typed) {
    this.value = value;
    this.typed = typed;
  }

  /// Text by the author of the template.
  public static TracedText trusted(String value) {
    return new TracedText(value, NOWHERE);
  }

  /// Text by a person who must not be able to steer the model.
  public static TracedText typed(String value) {
    return value.isEmpty() ? EMPTY : new TracedText(value, new int[] {0, value.length()});
  }

  /// The texts one after another.
  public static TracedText join(List<TracedText> texts) {
    var joined = new Builder();
    texts.forEach(joined::append);
    return joined.build();
  }

  /// Whether a person typed the character at `index`.
  public boolean isTyped(int index) {
    int low = 0;
    int high = typed.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (index < typed[2 * middle]) {
        high = middle - 1;
      } else if (index >= typed[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  boolean hasTyped() {
    return typed.length > 0;
  }

  /// `text` made from this one in a way that does not say which character came from which: typed,
  /// if anything here is.
  TracedText derive(String text) {
    return hasTyped() ? typed(text) : trusted(text);
  }

  public int length() {
    return value.length();
  }

  TracedText substring(int from, int to) {
    if (from == 0 && to == value.length()) {
      return this;
    }
    return new Builder().append(this, from, to).build();
  }

  TracedText concat(TracedText other) {
    return new Builder().append(this).append(other).build();
  }

  @Override
  public String toString() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TracedText text && value.equals(text.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /// Collects a text from parts.
  static final class Builder {
    private final StringBuilder value = new StringBuilder();
    private int[] typed = NOWHERE;
    private int used;

    Builder append(TracedText text) {
      return append(text, 0, text.length());
    }

    Builder append(TracedText text, int from, int to) {
      int shift = value.length() - from;
      value.append(text.value, from, to);
      for (int i = 0; i < text.typed.length; i += 2) {
        int start = Math.max(text.typed[i], from);
        int end = Math.min(text.typed[i + 1], to);
        if (start < end) {
          mark(start + shift, end + shift);
        }
      }
      return this;
    }

    private void mark(int from, int to) {
      if (used > 0 && typed[used - 1] == from) {
        typed[used - 1] = to;
        return;
      }
      if (used == typed.length) {
        typed = Arrays.copyOf(typed, Math.max(4, used * 2));
      }
      typed[used++] = from;
      typed[used++] = to;
    }

    int length() {
      return value.length();
    }

    TracedText build() {
      return new TracedText(value.toString(), Arrays.copyOf(typed, used));
    }
  }
}
