package io.plm4j.train.config;

/// How long a run is.
public sealed interface Length {
  /// So many passes over the data.
  record Epochs(double count) implements Length {
    public Epochs {
      if (!(count > 0 && count < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("%s epochs".formatted(count));
      }
    }
  }

  /// So many optimiser steps, however many passes that takes.
  record Steps(long count) implements Length {
    public Steps {
      if (count < 1) {
        throw new IllegalArgumentException("%d steps".formatted(count));
      }
    }
  }

  /// Optimiser steps of the run.
  ///
  /// @param stepsPerEpoch of a pass
  default long steps(long stepsPerEpoch) {
    return switch (this) {
      case Steps(long count) -> count;
      case Epochs(double count) -> Math.max(1, (long) Math.ceil(count * stepsPerEpoch));
    };
  }
}
