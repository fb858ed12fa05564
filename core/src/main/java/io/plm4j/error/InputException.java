package io.plm4j.error;

import org.jspecify.annotations.Nullable;

/// Something that came in from outside (a file, an option, a request) cannot be used.
///
/// The message is written for the person who supplied it: what was wanted, where, what was found,
/// and the remedy. The command line prints it without a stack trace and exits with code 2; a server
/// answers 400 with it. Everything else that is thrown is a defect of plm4j or of the machine.
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  /// @param cause what a library reported; kept for logs, never shown by default
  public InputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
