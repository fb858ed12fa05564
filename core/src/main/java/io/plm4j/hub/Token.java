package io.plm4j.hub;

import io.plm4j.error.InputException;

/// What opens private and gated models.
///
/// @param source where it came from, for messages: they never show the token itself
public record Token(String value, String source) {
  public Token {
    // It becomes a header, which takes no line breaks and no letters beyond ASCII.
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InputException(
          "The token in %s is not one: wanted letters, digits and signs of ASCII without blanks. Copy it again from the Hub's settings."
              .formatted(source));
    }
  }

  @Override
  public String toString() {
    return "the token from " + source;
  }
}
