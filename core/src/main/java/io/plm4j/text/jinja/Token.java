package io.plm4j.text.jinja;

/// A piece of a template: text between tags, or a word, literal or sign inside one.
///
/// @param text the text, name or sign; of a string its value after escapes
/// @param line counted from 1
record Token(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    OPEN_OUTPUT,
    CLOSE_OUTPUT,
    OPEN_TAG,
    CLOSE_TAG,
    NAME,
    STRING,
    INTEGER,
    DECIMAL,
    SIGN,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }

  /// For messages.
  String shown() {
    return switch (kind) {
      case TEXT -> "text";
      case OPEN_OUTPUT -> "'{{'";
      case CLOSE_OUTPUT -> "'}}'";
      case OPEN_TAG -> "'{%'";
      case CLOSE_TAG -> "'%}'";
      case STRING -> "a string";
      case NAME, INTEGER, DECIMAL, SIGN -> "'" + text + "'";
      case END -> "the end of the template";
    };
  }
}
