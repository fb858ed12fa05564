package io.plm4j.cli;

import io.plm4j.hub.Hub;
import io.plm4j.hub.HubSettings;
import java.util.Map;
import java.util.function.LongSupplier;

/// What a command needs of the process around it.
///
/// @param nanoTime a clock for durations
/// @param seeds gives a seed where the user gives none
/// @param environment variables of the process
record Context(
    Terminal terminal,
    Interrupt interrupt,
    LongSupplier nanoTime,
    LongSupplier seeds,
    Map<String, String> environment) {
  /// Without any variables.
  Context(Terminal terminal, Interrupt interrupt, LongSupplier nanoTime, LongSupplier seeds) {
    this(terminal, interrupt, nanoTime, seeds, Map.of());
  }

  /// The Hub and the cache that the environment names.
  Hub hub() {
    return new Hub(HubSettings.of(environment), nanoTime);
  }
}
