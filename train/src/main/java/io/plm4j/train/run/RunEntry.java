package io.plm4j.train.run;

import java.util.OptionalLong;

/// A line of a run's record.
public sealed interface RunEntry {
  long step();

  double epoch();

  /// What was trained since the line before.
  ///
  /// @param loss mean over the steps
  /// @param gradientNorm of the last step, before clipping
  /// @param learningRate of the last step
  /// @param tokensPerSecond positions, media included
  /// @param seconds of all steps
  /// @param dataSeconds of them spent waiting for data
  /// @param peakMemory in bytes
  record Trained(
      long step,
      double epoch,
      double loss,
      double gradientNorm,
      double learningRate,
      double tokensPerSecond,
      double seconds,
      double dataSeconds,
      OptionalLong peakMemory)
      implements RunEntry {}

  /// @param loss on the validation data
  record Judged(long step, double epoch, double loss) implements RunEntry {}

  /// @param seconds that this process trained
  /// @param loss mean over its steps
  /// @param stepsPerSecond of this process
  record Finished(long step, double epoch, double seconds, double loss, double stepsPerSecond)
      implements RunEntry {}
}
