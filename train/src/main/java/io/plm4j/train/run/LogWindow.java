package io.plm4j.train.run;

import java.util.Optional;
import java.util.OptionalLong;

/// Sums up steps until a line is due. What it holds between two lines is saved with a checkpoint:
/// the first line after a stop is then the one that there would have been without it.
final class LogWindow {
  private final long every;
  private final boolean first;
  private State state = State.EMPTY;

  /// @param steps that have been made since the last line
  record State(long steps, double lossSum, long tokens, double seconds, double dataSeconds) {
    static final State EMPTY = new State(0, 0, 0, 0, 0);

    State plus(RunListener.Step step) {
      return new State(
          steps + 1,
          lossSum + step.loss(),
          tokens + step.tokens(),
          seconds + step.seconds(),
          dataSeconds + step.dataSeconds());
    }
  }

  /// @param every after how many steps of the run a line is due
  /// @param first whether one is due after the first step too
  LogWindow(long every, boolean first) {
    this.every = every;
    this.first = first;
  }

  State state() {
    return state;
  }

  void restore(State saved) {
    state = saved;
  }

  /// @return the line, where one is due after this step
  Optional<RunEntry.Trained> add(RunListener.Step step, OptionalLong peakMemory) {
    state = state.plus(step);
    if (step.step() % every != 0 && !(first && step.step() == 1)) {
      return Optional.empty();
    }
    var sums = state;
    state = State.EMPTY;
    return Optional.of(
        new RunEntry.Trained(
            step.step(),
            step.epoch(),
            sums.lossSum / sums.steps,
            step.gradientNorm(),
            step.learningRate(),
            sums.seconds > 0 ? sums.tokens / sums.seconds : 0,
            sums.seconds,
            sums.dataSeconds,
            peakMemory));
  }
}
