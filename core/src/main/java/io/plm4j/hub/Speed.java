package io.plm4j.hub;

import java.util.ArrayDeque;

/// Bytes a second over the last seconds, so that it follows the network and does not flicker.
final class Speed {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  private record Sample(long nanos, long bytes) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /// @param bytes that have come in all
  double at(long nanos, long bytes) {
    samples.addLast(new Sample(nanos, bytes));
    while (nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    var oldest = samples.getFirst();
    long passed = nanos - oldest.nanos();
    return passed <= 0 ? 0 : Math.max(0, (bytes - oldest.bytes()) * 1e9 / passed);
  }
}
