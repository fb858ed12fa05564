package io.plm4j.train.data;

import io.plm4j.error.InputException;

/// How many examples make a micro-batch.
public sealed interface Batching {
  /// A fixed number. The last one of an epoch may have fewer.
  record Examples(int count) implements Batching {
    public Examples {
      if (count < 1) {
        throw new InputException("a batch must have 1 example or more, but has " + count);
      }
    }
  }

  /// As many as fit into a number of positions.
  record Positions(int budget) implements Batching {
    public Positions {
      if (budget < 2) {
        throw new InputException("a batch must have 2 positions or more, but has " + budget);
      }
    }
  }
}
