package io.plm4j.train.config;

import java.util.OptionalInt;

/// Which checkpoints a run leaves.
///
/// @param limit how many are kept; empty: all
/// @param loadBest whether the run ends with the weights that had the lowest validation loss; the
///   checkpoint that holds them is then kept beyond the limit
public record Saving(Every every, OptionalInt limit, boolean loadBest) {
  /// As in the model card.
  public static final Saving CARD = new Saving(new Every.Steps(250), OptionalInt.of(1), false);

  public Saving {
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw new IllegalArgumentException("at most %d checkpoints".formatted(limit.getAsInt()));
    }
  }
}
