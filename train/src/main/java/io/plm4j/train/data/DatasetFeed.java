package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Sources.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Micro-batches of a dataset, without end. The next ones are made ready by threads of its own
/// while the caller computes, which changes neither their order nor the state: that is the one
/// after the last batch that was handed out.
///
/// For one thread.
public final class DatasetFeed implements Feed {
  /// Rows that are looked at to estimate how many fit into a batch.
  private static final int SAMPLE = 32;

  /// @param read good rows so far, also before it was restored
  /// @param skipped rows that are bad, each counted once
  /// @param shortened rows of which turns are left out, each counted once
  public record Count(String source, long read, long skipped, long shortened) {}

  private final Sources sources;
  private final FeedSettings settings;
  private final ExecutorService threads;
  private final ExecutorService maker;
  private final Production production;
  private final Notices notices;
  private final Deque<Future<Production.Batch>> coming = new ArrayDeque<>();
  private FeedState state;
  private long estimate;
  private @Nullable InputException failure;

  DatasetFeed(Sources sources, FeedSettings settings, DataListener listener) {
    this.sources = sources;
    this.settings = settings;
    this.threads =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().daemon().name("rows-", 0).factory());
    this.maker =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("batches-", 0).factory());
    this.production = new Production(sources, settings, threads);
    this.notices = new Notices(sources, listener);
    this.state = production.state();
  }

  @Override
  public List<Example> next() {
    if (failure != null) {
      throw failure;
    }
    askAhead();
    var batch = wait(coming.remove());
    askAhead();
    notices.tell(batch.notable());
    failure = batch.failure();
    if (failure != null) {
      throw failure;
    }
    state = batch.state();
    return batch.examples();
  }

  private void askAhead() {
    while (coming.size() < settings.ahead()) {
      coming.add(maker.submit(production::make));
    }
  }

  private static <T> T wait(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while data were read");
    }
  }

  @Override
  public long batchesPerEpoch() {
    long rows = sources.firsts().count();
    return switch (settings.batching()) {
      case Batching.Examples(int count) -> Math.ceilDiv(rows, count);
      case Batching.Positions(int budget) -> {
        if (estimate == 0) {
          estimate = Math.max(1, (long) Math.ceil(rows * meanLength() / budget));
        }
        yield estimate;
      }
    };
  }

  /// Of some rows spread over all of them; what is bad counts as empty.
  private double meanLength() {
    var track = new Track(0, sources.firsts(), Order.SEQUENTIAL, 0);
    int rows = track.rows().count();
    int looks = Math.min(rows, SAMPLE);
    return IntStream.range(0, looks)
        .mapToObj(i -> sources.read(track.at((long) i * rows / looks)))
        .mapToInt(outcome -> outcome instanceof Outcome.Good good ? good.example().length() : 0)
        .average()
        .orElse(0);
  }

  @Override
  public String state() {
    return state.toJson();
  }

  @Override
  public void restore(String saved) {
    coming.forEach(batch -> batch.cancel(false));
    coming.clear();
    failure = null;
    // Behind the batch that is being made, which nobody will get.
    state =
        wait(
            maker.submit(() -> {
              production.restore(saved);
              return production.state();
            }));
  }

  /// What became of each source's rows so far.
  public List<Count> counts() {
    return IntStream.range(0, sources.open().size())
        .mapToObj(i ->
            new Count(
                sources.open().get(i).name(),
                state.good()[i],
                notices.skipped(i),
                notices.shortened(i)))
        .toList();
  }

  @Override
  public void close() {
    coming.forEach(batch -> batch.cancel(false));
    coming.clear();
    maker.shutdown();
    threads.shutdown();
  }
}
