package io.plm4j.nano.word;

import io.plm4j.nano.look.Hue;
import java.util.List;
import java.util.Optional;

/// What is printed in a picture, and on what.
///
/// @param lines from top to bottom
/// @param ink colour of the letters
/// @param ground colour right behind the letters
/// @param sign the shape that the letters stand on, if it is not the whole picture
/// @param around colour behind the sign
record Print(List<String> lines, Hue ink, Hue ground, Optional<Board> sign, Hue around) {
  /// What letters can stand on.
  enum Board {
    SIGN("sign"),
    ROUND("round sign"),
    CARD("card");

    private final String label;

    Board(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  Print {
    lines = List.copyOf(lines);
  }

  String text() {
    return String.join(" ", lines);
  }

  List<String> words() {
    return List.of(text().split(" "));
  }

  boolean isNumber() {
    return text().matches("[0-9.,:%$]+");
  }
}
