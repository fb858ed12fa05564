package io.plm4j.train.data;

import io.plm4j.train.data.Sources.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// Reads the rows of a track in its order, some of them ahead and side by side.
final class Lane {
  private final Sources sources;
  private final Track track;
  private final Executor threads;
  private final int ahead;
  private final Deque<CompletableFuture<Outcome>> coming = new ArrayDeque<>();
  private long position;

  /// @param ahead how many rows are read before they are asked for
  Lane(Sources sources, Track track, Executor threads, int ahead) {
    this.sources = sources;
    this.track = track;
    this.threads = threads;
    this.ahead = ahead;
  }

  /// What became of the row at the position, which moves on.
  Outcome take() {
    while (coming.size() <= ahead) {
      var ref = track.at(position + coming.size());
      coming.add(CompletableFuture.supplyAsync(() -> sources.read(ref), threads));
    }
    try {
      return coming.remove().join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    } finally {
      position++;
    }
  }

  /// Reads a row again that was taken before.
  Outcome again(long earlier) {
    return sources.read(track.at(earlier));
  }

  long position() {
    return position;
  }

  /// Whether the row that was taken last is the last one of a pass.
  boolean endsPass() {
    return track.endsPass(position - 1);
  }

  void moveTo(long other) {
    coming.forEach(outcome -> outcome.cancel(false));
    coming.clear();
    position = other;
  }
}
