package io.plm4j.train.run;

import io.plm4j.train.config.FineTuneSettings;
import java.util.function.BooleanSupplier;

/// Trains a model.
public interface Training {
  /// Runs to its end, or until it is asked to stop; then it saves a checkpoint first.
  ///
  /// @param folder of the run, with the lock on it held
  /// @param listener told what happens
  /// @param stopRequested asked after each optimiser step
  /// @throws io.plm4j.error.InputException if settings, model or data cannot be used, or the loss
  ///   stops being a number
  Outcome run(
      FineTuneSettings settings,
      RunFolder folder,
      RunListener listener,
      BooleanSupplier stopRequested);
}
