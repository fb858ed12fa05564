package io.plm4j.text.jinja;

import io.plm4j.error.InputException;

/// A template's name, for messages.
record Source(String name) {
  InputException error(int line, String message) {
    return new InputException("%s, line %d: %s".formatted(name, line, message));
  }
}
