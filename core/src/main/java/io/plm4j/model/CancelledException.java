package io.plm4j.model;

import java.util.function.BooleanSupplier;

/// The caller asked for the work to stop before it had a result.
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CancelledException() {
    super("cancelled");
  }

  /// Throws if the caller has asked to stop.
  public static void check(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new CancelledException();
    }
  }
}
