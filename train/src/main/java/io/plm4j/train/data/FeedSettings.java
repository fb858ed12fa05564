package io.plm4j.train.data;

import io.plm4j.error.InputException;

/// How examples follow one another.
///
/// @param seed decides the order of shuffled rows and which source is drawn from
/// @param ahead how many micro-batches are made ready while the trainer computes
/// @param threads how many rows are read side by side
public record FeedSettings(Order order, long seed, Batching batching, int ahead, int threads) {
  /// As the model card's trainer: shuffled with 42, eight at a time.
  public static final FeedSettings DEFAULT =
      new FeedSettings(Order.SHUFFLED, 42, new Batching.Examples(8), 1, 2);

  public FeedSettings {
    if (ahead < 1 || threads < 1) {
      throw new InputException(
          "at least 1 batch is made ready by at least 1 thread, but the settings say %d and %d"
              .formatted(ahead, threads));
    }
  }

  public FeedSettings withOrder(Order other) {
    return new FeedSettings(other, seed, batching, ahead, threads);
  }

  public FeedSettings withSeed(long other) {
    return new FeedSettings(order, other, batching, ahead, threads);
  }

  public FeedSettings withBatching(Batching other) {
    return new FeedSettings(order, seed, other, ahead, threads);
  }

  public FeedSettings withAhead(int batches) {
    return new FeedSettings(order, seed, batching, batches, threads);
  }

  public FeedSettings withThreads(int count) {
    return new FeedSettings(order, seed, batching, ahead, count);
  }
}
