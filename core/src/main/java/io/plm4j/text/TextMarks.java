package io.plm4j.text;

import java.util.function.IntUnaryOperator;

/// Finds where places in a text are among its ids.
///
/// Told of the text's pieces from left to right as they are encoded.
final class TextMarks {
  static final TextMarks NONE = new TextMarks(new int[0]);

  private final int[] places;
  private final int[] positions;
  private int found;

  /// @param places in the text, as numbers of characters before them, ascending
  TextMarks(int... places) {
    this.places = places;
    this.positions = new int[places.length];
  }

  /// For each place the position of the first id that stands for anything behind it. An id that
  /// stands for text on both sides of a place counts as behind it.
  int[] positions() {
    return positions;
  }

  /// @param end where in the text the token ends
  /// @param position of its id
  void token(int end, int position) {
    while (found < places.length && places[found] < end) {
      positions[found++] = position;
    }
  }

  /// @param first position of the piece's first id
  /// @param bytes how many an id stands for
  void piece(String text, int start, int end, IntList ids, int first, IntUnaryOperator bytes) {
    int position = first;
    long before = 0;
    while (found < places.length && places[found] < end) {
      long place = utf8Length(text, start, Math.max(start, places[found]));
      while (position < ids.size() && before + bytes.applyAsInt(ids.get(position)) <= place) {
        before += bytes.applyAsInt(ids.get(position++));
      }
      positions[found++] = position;
    }
  }

  /// @param size of all ids
  void end(int size) {
    while (found < places.length) {
      positions[found++] = size;
    }
  }

  private static long utf8Length(String text, int from, int to) {
    long bytes = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      // A character outside of the basic plane is two of Java's and four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
