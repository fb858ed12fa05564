package io.plm4j.hub;

import java.util.concurrent.CancellationException;

/// Tells all threads of a download that it ends.
final class Stop {
  private volatile boolean requested;

  void request() {
    requested = true;
  }

  boolean isRequested() {
    return requested;
  }

  void check() {
    if (requested) {
      throw new CancellationException();
    }
  }
}
