package io.plm4j.quant;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A fixed team of threads that runs one task at a time in equal parts, the caller being one of
/// them.
///
/// A decoded token takes some two hundred such tasks of well under a millisecond, so a worker that
/// has finished spins for a moment before it sleeps: waking a sleeping thread costs as much as a
/// small task. Daemon threads; [#close] ends them.
final class Workers implements AutoCloseable {
  /// A task cut into parts, numbered from 0.
  @FunctionalInterface
  interface Task {
    void run(int part, int parts);
  }

  /// About 50 µs on current processors: longer than the gap between two products of a layer.
  private static final int SPINS = 2_000;

  private final Thread[] threads;
  private final AtomicInteger running = new AtomicInteger();
  private volatile long generation;
  private volatile boolean closed;
  private Task task = (_, _) -> {};
  private volatile Throwable failure = NONE;

  private static final Throwable NONE = new Throwable("no failure", null, false, false) {};

  Workers(int parts) {
    threads = new Thread[parts - 1];
    for (int i = 0; i < threads.length; i++) {
      int part = i + 1;
      threads[i] = Thread.ofPlatform().daemon().name("plm-kernel-" + part).start(() -> work(part));
    }
  }

  int parts() {
    return threads.length + 1;
  }

  /// Runs every part and returns when all are done. One caller at a time; a part's exception is
  /// rethrown here.
  synchronized void run(Task newTask) {
    if (threads.length == 0) {
      newTask.run(0, 1);
      return;
    }
    if (closed) {
      throw new IllegalStateException("the worker threads are closed");
    }
    task = newTask;
    failure = NONE;
    running.set(threads.length);
    generation++;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    try {
      newTask.run(0, parts());
    } finally {
      while (running.get() > 0) {
        Thread.onSpinWait();
      }
    }
    if (failure != NONE) {
      throw new IllegalStateException("a kernel failed on a worker thread", failure);
    }
  }

  private void work(int part) {
    long seen = 0;
    while (true) {
      long current = await(seen);
      if (closed) {
        return;
      }
      seen = current;
      try {
        task.run(part, parts());
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        running.decrementAndGet();
      }
    }
  }

  private long await(long seen) {
    for (int spin = 0; ; spin++) {
      long current = generation;
      if (current != seen || closed) {
        return current;
      }
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
