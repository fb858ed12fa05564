package io.plm4j.train.config;

import io.plm4j.train.schedule.Schedule;
import io.plm4j.train.schedule.Span;
import io.plm4j.train.schedule.TransformersSchedule;
import io.plm4j.train.schedule.WarmUp;

/// How long steps are.
///
/// @param peak the highest rate
public record LearningRate(double peak, Schedule schedule, WarmUp warmUp) {
  /// As in the model card.
  public static final LearningRate CARD =
      new LearningRate(1e-4, new TransformersSchedule.Linear(), new WarmUp.Steps(50));

  public LearningRate {
    if (!(peak >= 0 && peak < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning_rate %s is out of range".formatted(peak));
    }
  }

  /// The rate of an optimiser step.
  ///
  /// @param step from 0, so that the first step of a run that warms up has the rate 0
  /// @param steps of the whole run
  public double at(long step, long steps) {
    return peak * schedule.factor(step, new Span(warmUp.of(steps), steps));
  }
}
