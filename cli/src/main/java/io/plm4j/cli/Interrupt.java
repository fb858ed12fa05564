package io.plm4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Ctrl-C while an answer is made: the answer ends at the next token, and the process after it.
///
/// The Java runtime turns the signal into its own shutdown and gives the exit code 130; a shutdown
/// hook holds that up for as long as the answer needs to end properly.
final class Interrupt {
  /// A step of a large model on a small machine takes some seconds; who waits longer would press
  /// Ctrl-C again, which the runtime no longer hears.
  private static final long PATIENCE_SECONDS = 5;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final AtomicReference<@Nullable CountDownLatch> work = new AtomicReference<>();

  /// Hears the signals of this process.
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::request, "interrupt"));
  }

  /// Asks the work in progress to stop and waits until it has.
  void request() {
    requested.set(true);
    var running = work.get();
    if (running != null) {
      try {
        running.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean requested() {
    return requested.get();
  }

  /// Begins work that asks [#requested]; closing the result says that it is over.
  Work begin() {
    var latch = new CountDownLatch(1);
    work.set(latch);
    return () -> {
      latch.countDown();
      work.set(null);
    };
  }

  interface Work extends AutoCloseable {
    @Override
    void close();
  }
}
