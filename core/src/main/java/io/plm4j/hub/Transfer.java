package io.plm4j.hub;

import io.plm4j.hub.DownloadProgress.Activity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Fetches blobs, several pieces at a time, and tells how far it is.
///
/// All processes take blobs, and with them their locks, in one order, small ones first; so two that
/// fetch the same files never wait for each other. Small first also means that what comes last are
/// the weights: a model without them is not taken for a complete one.
final class Transfer {
  private static final long LOOK_MILLIS = 50;
  private static final long PATIENCE_SECONDS = 5;

  private final TransferSettings settings;
  private final DownloadListener listener;
  private final LongSupplier nanoTime;
  private final Stop stop;
  private final List<Work> works = new ArrayList<>();
  private final LinkedBlockingDeque<Piece> queue = new LinkedBlockingDeque<>();
  private final AtomicLong received = new AtomicLong();
  private final AtomicInteger filesDone = new AtomicInteger();
  private final Activities activities;

  Transfer(
      TransferSettings settings,
      DownloadListener listener,
      LongSupplier nanoTime,
      Stop stop,
      Activities activities) {
    this.settings = settings;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.stop = stop;
    this.activities = activities;
  }

  private record Work(BlobDownload blob, PieceFetcher fetcher, AtomicInteger left) {}

  private record Piece(Work work, int index) {}

  /// Fetches files that are not in the cache, one of each content.
  ///
  /// @param fetchers what receives a blob's pieces
  /// @throws CancellationException if the listener wanted it
  void run(RepoFolder repo, List<RemoteFile> files, Function<BlobDownload, PieceFetcher> fetchers)
      throws IOException {
    files.stream()
        .sorted(Comparator.comparingLong(RemoteFile::size).thenComparing(RemoteFile::tag))
        .forEach(file -> {
          var blob = new BlobDownload(repo, file, settings.pieceBytes(), received);
          works.add(new Work(blob, fetchers.apply(blob), new AtomicInteger(blob.pieces())));
        });
    works.forEach(work -> pieces(work).forEach(queue::addLast));
    long bytes = files.stream().mapToLong(RemoteFile::size).sum();
    var threads =
        Executors.newFixedThreadPool(
            Math.clamp(queue.size(), 1, settings.connections()),
            Thread.ofPlatform().daemon().name("hub-", 0).factory());
    try {
      var workers = new ArrayList<Future<?>>();
      for (int i = 0; i < settings.connections(); i++) {
        workers.add(threads.submit((Callable<Void>) this::work));
      }
      watch(workers, bytes);
    } finally {
      stop.request();
      end(threads);
      works.forEach(work -> work.blob().close());
    }
  }

  private static List<Piece> pieces(Work work) {
    var pieces = new ArrayList<Piece>();
    for (int i = 0; i < work.blob().pieces(); i++) {
      pieces.add(new Piece(work, i));
    }
    return pieces;
  }

  private Void work() throws IOException {
    for (var piece = queue.poll(); piece != null; piece = queue.poll()) {
      stop.check();
      fetch(piece);
    }
    return null;
  }

  private void fetch(Piece piece) throws IOException {
    var work = piece.work();
    work.blob().claim(stop::isRequested, activities);
    try (var _ = activities.enter(Activity.RECEIVING)) {
      work.fetcher().fetch(piece.index());
    }
    if (work.left().decrementAndGet() == 0) {
      finish(work);
    }
  }

  private void finish(Work work) throws IOException {
    try (var _ = activities.enter(Activity.CHECKING)) {
      if (work.blob().publish(stop::isRequested)) {
        work.blob().close();
        filesDone.incrementAndGet();
      } else {
        work.left().set(work.blob().pieces());
        pieces(work).reversed().forEach(queue::addFirst);
      }
    }
  }

  /// Shows the progress until all workers are done or one has failed.
  private void watch(List<Future<?>> workers, long bytes) throws IOException {
    var speed = new Speed();
    boolean done = false;
    while (!done) {
      done = workers.stream().allMatch(Future::isDone);
      for (var worker : workers) {
        if (worker.isDone()) {
          requireSuccess(worker);
        }
      }
      if (listener.cancelled()) {
        throw new CancellationException();
      }
      long come = received.get();
      listener.progress(
          new DownloadProgress(
              activities.foremost(),
              filesDone.get(),
              works.size(),
              come,
              bytes,
              speed.at(nanoTime.getAsLong(), come)));
      if (!done) {
        sleep();
      }
    }
  }

  private static void requireSuccess(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException defect -> throw defect;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  private static void end(ExecutorService threads) {
    threads.shutdown();
    try {
      // They look at the stop every moment; a disk may keep one in a write.
      threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
