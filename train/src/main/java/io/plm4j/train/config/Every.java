package io.plm4j.train.config;

/// When something is done again.
public sealed interface Every {
  /// Not at all.
  record Never() implements Every {}

  /// After each so many optimiser steps.
  record Steps(long count) implements Every {
    public Steps {
      if (count < 1) {
        throw new IllegalArgumentException("every %d steps".formatted(count));
      }
    }
  }

  /// After each pass over the data.
  record Epoch() implements Every {}

  /// Whether it is due.
  ///
  /// @param step the optimiser step that has just been made; the first is 1
  /// @param stepsPerEpoch optimiser steps of a pass
  default boolean isDue(long step, long stepsPerEpoch) {
    return switch (this) {
      case Never() -> false;
      case Steps(long count) -> step % count == 0;
      case Epoch() -> step % Math.max(1, stepsPerEpoch) == 0;
    };
  }
}
