package io.plm4j.train.run;

import java.nio.file.Path;
import java.util.List;

/// Told what happens in a training run, in order, on the thread that trains.
public interface RunListener {
  /// @param step after which this is known; the first one is 1
  /// @param epoch passes over the data so far, with its fraction
  /// @param loss mean over the predicted tokens of this step
  /// @param gradientNorm before clipping
  /// @param learningRate that this step used
  /// @param tokens positions trained on in this step
  /// @param seconds that it took, with the reading of its data
  /// @param dataSeconds of them spent waiting for data
  record Step(
      long step,
      double epoch,
      double loss,
      double gradientNorm,
      double learningRate,
      long tokens,
      double seconds,
      double dataSeconds) {}

  /// @param totalSteps of the whole run
  /// @param firstStep the first one that is trained now; greater than 1 when it goes on
  default void started(long totalSteps, long firstStep) {}

  default void stepped(Step step) {}

  /// @param loss mean over the predicted tokens of the validation data
  default void evaluated(long step, double epoch, double loss) {}

  /// An answer that the model gives while it trains.
  default void answered(long step, String question, String answer) {}

  default void saved(long step, Path folder) {}

  /// @param steps trained in all
  default void finished(long steps, double seconds) {}

  /// Tells several, in this order.
  static RunListener all(List<RunListener> listeners) {
    var each = List.copyOf(listeners);
    return new RunListener() {
      @Override
      public void started(long totalSteps, long firstStep) {
        each.forEach(listener -> listener.started(totalSteps, firstStep));
      }

      @Override
      public void stepped(Step step) {
        each.forEach(listener -> listener.stepped(step));
      }

      @Override
      public void evaluated(long step, double epoch, double loss) {
        each.forEach(listener -> listener.evaluated(step, epoch, loss));
      }

      @Override
      public void answered(long step, String question, String answer) {
        each.forEach(listener -> listener.answered(step, question, answer));
      }

      @Override
      public void saved(long step, Path folder) {
        each.forEach(listener -> listener.saved(step, folder));
      }

      @Override
      public void finished(long steps, double seconds) {
        each.forEach(listener -> listener.finished(steps, seconds));
      }
    };
  }
}
