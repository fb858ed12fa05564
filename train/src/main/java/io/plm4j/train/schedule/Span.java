package io.plm4j.train.schedule;

/// How long a run is.
///
/// @param warmUp optimiser steps in which the learning rate rises from 0 to its peak
/// @param steps optimiser steps of the whole run, the warm-up included
public record Span(long warmUp, long steps) {
  public Span {
    if (warmUp < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "a run of %d steps, %d of them to warm up".formatted(steps, warmUp));
    }
  }

  boolean isWarmingUp(long step) {
    return step < warmUp;
  }

  /// From 0 in the first step to 1 in the first one after the warm-up.
  double warmUpProgress(long step) {
    return (double) step / warmUp;
  }

  /// From 0 in the first step after the warm-up to 1 at the end; greater after it.
  double progress(long step) {
    return (double) (step - warmUp) / Math.max(1, steps - warmUp);
  }
}
