package io.plm4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Hears Ctrl-C and `kill` in place of the Java runtime, whose own answer, a shutdown, can neither
/// wait for minutes nor hear a second signal.
final class StopSignals implements AutoCloseable {
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private final AtomicInteger first = new AtomicInteger();
  private final IntConsumer onFirst;
  private final IntConsumer onSecond;

  private StopSignals(IntConsumer onFirst, IntConsumer onSecond) {
    this.onFirst = onFirst;
    this.onSecond = onSecond;
  }

  /// @param onFirst given the number of the first signal
  /// @param onSecond given that of each later one
  static StopSignals listen(IntConsumer onFirst, IntConsumer onSecond) {
    var signals = new StopSignals(onFirst, onSecond);
    for (var name : new String[] {"INT", "TERM"}) {
      var signal = new Signal(name);
      signals.before.put(signal, Signal.handle(signal, signals::heard));
    }
    return signals;
  }

  private void heard(Signal signal) {
    if (first.compareAndSet(0, signal.getNumber())) {
      onFirst.accept(signal.getNumber());
    } else {
      onSecond.accept(signal.getNumber());
    }
  }

  @Override
  public void close() {
    before.forEach(Signal::handle);
  }
}
