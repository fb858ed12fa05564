package io.plm4j.text.jinja;

/// Something in a template cannot be done. It carries no place: the statement that it passes
/// through adds the line and makes it an {@link io.plm4j.error.InputException}.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String message) {
    super(message, null, false, false);
  }
}
