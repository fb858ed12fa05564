package io.plm4j.hub;

import io.plm4j.hub.DownloadProgress.Activity;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// How many threads are at what. A thread that pauses does so while it receives.
final class Activities {
  private final AtomicIntegerArray counts = new AtomicIntegerArray(Activity.values().length);

  interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  /// Begins something that ends with the result's closing.
  Stay enter(Activity activity) {
    counts.incrementAndGet(activity.ordinal());
    return () -> counts.decrementAndGet(activity.ordinal());
  }

  private int count(Activity activity) {
    return counts.get(activity.ordinal());
  }

  /// What is worth telling.
  Activity foremost() {
    if (count(Activity.RECEIVING) > count(Activity.PAUSING)) {
      return Activity.RECEIVING;
    }
    if (count(Activity.CHECKING) > 0) {
      return Activity.CHECKING;
    }
    if (count(Activity.PAUSING) > 0) {
      return Activity.PAUSING;
    }
    return count(Activity.WAITING_FOR_PROCESS) > 0
        ? Activity.WAITING_FOR_PROCESS
        : Activity.RECEIVING;
  }
}
