package io.plm4j.hub;

import org.jspecify.annotations.Nullable;

/// The Hub did not give what was asked for, and asking again at once would not help.
final class HubException extends java.io.IOException {
  private static final long serialVersionUID = 1L;

  enum Kind {
    /// Nobody answered, or only with failures that pass.
    UNREACHABLE,
    /// It does not want to: unknown, private or gated.
    REFUSED,
    /// What came cannot be used.
    WRONG
  }

  private final Kind kind;

  HubException(Kind kind, String message) {
    this(kind, message, null);
  }

  HubException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
