package io.plm4j.train.config;

import java.nio.file.Path;
import java.util.Optional;

/// What is written down while a model learns.
///
/// @param steps after how many steps a line is written; a mean over them
/// @param firstStep whether there is one after the first step too
/// @param tensorboard whether TensorBoard's files are written
/// @param folder of these; empty: one below the run's folder
public record Logging(long steps, boolean firstStep, boolean tensorboard, Optional<Path> folder) {
  /// As in the model card.
  public static final Logging CARD = new Logging(25, false, true, Optional.empty());

  public Logging {
    if (steps < 1) {
      throw new IllegalArgumentException("a line every %d steps".formatted(steps));
    }
  }
}
