package io.plm4j.train.run;

import java.nio.file.Path;
import java.util.OptionalDouble;

/// How a run ended.
///
/// @param steps optimiser steps made in all, those of earlier processes included
/// @param totalSteps that were to be made; greater than `steps` when it was asked to stop
/// @param trainLoss mean over the steps of this process
/// @param bestLoss lowest validation loss, where there was one
/// @param result the folder to use: a model or an adapter, or the checkpoint to go on from
public record Outcome(
    long steps, long totalSteps, double trainLoss, OptionalDouble bestLoss, Path result) {
  /// Whether it was asked to stop before its end.
  public boolean stopped() {
    return steps < totalSteps;
  }
}
