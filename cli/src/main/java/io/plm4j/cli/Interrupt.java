package io.plm4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Ctrl-C while an answer is made: the answer ends at the next token, and the process after it.
///
/// The Java runtime turns the signal into its own shutdown and gives the exit code 130; a shutdown
/// hook holds that up for as long as the answer needs to end properly.
final class Interrupt {
  /// A step of a large model on a small machine takes some seconds; who waits longer would press
  /// Ctrl-C again, which the runtime no longer hears.
  private static final long PATIENCE_SECONDS = 3;

  private static final int SIGINT = 2;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final AtomicBoolean listening = new AtomicBoolean();
  private final AtomicInteger signal = new AtomicInteger(SIGINT);
  private final AtomicReference<@Nullable CountDownLatch> work = new AtomicReference<>();

  /// Hears the signals of this process.
  void listen(Progress progress) {
    listening.set(true);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (work.get() != null) {
                    progress.show("stopping");
                  }
                  request();
                  progress.end();
                },
                "interrupt"));
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

  /// Begins work that ends by itself when [#requested] says so, and has the time that it needs for
  /// that. A second signal ends the process at once.
  ///
  /// @param onRequest told that it was asked to end
  Work beginPatient(Runnable onRequest) {
    if (!listening.get()) {
      return () -> {};
    }
    var signals =
        StopSignals.listen(
            number -> {
              signal.set(number);
              requested.set(true);
              onRequest.run();
            },
            number -> Runtime.getRuntime().halt(ExitCode.ofSignal(number)));
    return signals::close;
  }

  /// What a process that was asked to end says to its caller.
  int exitCode() {
    return ExitCode.ofSignal(signal.get());
  }

  interface Work extends AutoCloseable {
    @Override
    void close();
  }
}
