package io.plm4j.train.schedule;

/// For how long the learning rate rises.
public sealed interface WarmUp {
  /// For so many optimiser steps, however long the run is.
  record Steps(long count) implements WarmUp {
    public Steps {
      if (count < 0) {
        throw new IllegalArgumentException("a warm-up of %d steps".formatted(count));
      }
    }
  }

  /// For this part of the run.
  ///
  /// @param ofRun from 0 to 1
  record Share(double ofRun) implements WarmUp {
    public Share {
      if (!(ofRun >= 0 && ofRun <= 1)) {
        throw new IllegalArgumentException("a warm-up of %s of the run".formatted(ofRun));
      }
    }
  }

  /// The optimiser steps that it takes; a part of a step counts as one, as in transformers.
  default long of(long steps) {
    return switch (this) {
      case Steps(long count) -> count;
      case Share(double share) -> (long) Math.ceil(steps * share);
    };
  }
}
