package io.plm4j.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A failure after which the same request may well succeed.
final class PassingException extends IOException {
  private static final long serialVersionUID = 1L;

  /// What the server asked for; null if it did not say. Not an Optional, which cannot be written.
  private final @org.jspecify.annotations.Nullable Duration wait;

  PassingException(String message) {
    this(message, Optional.empty());
  }

  PassingException(String message, Optional<Duration> wait) {
    super(message);
    this.wait = wait.orElse(null);
  }

  /// How long the server asks to wait.
  Optional<Duration> serverAsks() {
    return Optional.ofNullable(wait);
  }
}
