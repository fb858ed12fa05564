package io.plm4j.cli;

import io.plm4j.generate.Listener.Phase;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How long each phase of an answer took.
final class PhaseTimes {
  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;
  private final Map<Phase, Double> seconds = new EnumMap<>(Phase.class);
  private Phase current;
  private long since;

  /// Starts the clock: whatever happens before the first phase belongs to preparing the pictures.
  PhaseTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    current = Phase.PREPROCESS;
    since = nanoTime.getAsLong();
  }

  void begin(Phase phase) {
    long now = nanoTime.getAsLong();
    seconds.merge(current, (now - since) / NANOS, Double::sum);
    current = phase;
    since = now;
  }

  /// Seconds in a phase; 0 if there was none, as for vision without pictures.
  double seconds(Phase phase) {
    return seconds.getOrDefault(phase, 0.0);
  }

  /// All of them, for an answer of a model that was loaded before.
  Timings timings() {
    return new Timings(
        0,
        seconds(Phase.PREPROCESS),
        seconds(Phase.VISION),
        seconds(Phase.PREFILL),
        seconds(Phase.DECODE));
  }
}
