package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Tries again, with growing pauses, until nothing has come for too many times in a row.
final class Patience {
  private static final long LOOK_MILLIS = 50;

  private final TransferSettings settings;
  private final BooleanSupplier stopped;
  private int failures;

  Patience(TransferSettings settings, BooleanSupplier stopped) {
    this.settings = settings;
    this.stopped = stopped;
  }

  interface Attempt<T> {
    T run() throws IOException;
  }

  static <T> T retry(TransferSettings settings, BooleanSupplier stopped, Attempt<T> attempt)
      throws IOException {
    var patience = new Patience(settings, stopped);
    while (true) {
      try {
        return attempt.run();
      } catch (HubException e) {
        throw e;
      } catch (IOException e) {
        patience.failed(e);
      }
    }
  }

  /// Something new came, so that the next failure is the first again.
  void progressed() {
    failures = 0;
  }

  /// Waits before the next attempt.
  ///
  /// @throws HubException if it is the last straw
  void failed(IOException e) throws HubException {
    failures++;
    if (failures > settings.retries()) {
      throw new HubException(HubException.Kind.UNREACHABLE, describe(e), e);
    }
    var asked =
        e instanceof PassingException passing ? passing.serverAsks() : Optional.<Duration>empty();
    var pause = settings.pause(failures);
    var longer = asked.filter(wait -> wait.compareTo(pause) > 0).orElse(pause);
    sleep(longer.compareTo(settings.longestPause()) < 0 ? longer : settings.longestPause());
  }

  private void sleep(Duration pause) {
    long left = pause.toMillis();
    try {
      while (left > 0) {
        if (stopped.getAsBoolean()) {
          throw new CancellationException();
        }
        Thread.sleep(Math.min(left, LOOK_MILLIS));
        left -= LOOK_MILLIS;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  /// The JDK's own words for a network's failures are often none at all.
  static String describe(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name is unknown here (no network, or no DNS)";
      }
    }
    var message = Optional.ofNullable(e.getMessage()).filter(text -> !text.isBlank());
    if (e instanceof ConnectException) {
      return "no connection (%s)".formatted(message.map(Excerpt::of).orElse("refused"));
    }
    return message.map(Excerpt::of).orElse(e.getClass().getSimpleName());
  }
}
