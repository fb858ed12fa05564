package io.plm4j.train.schedule;

/// The shape of a learning rate's course. The rate of a step is the peak rate times the factor.
///
/// Steps count from 0: the first optimiser step is step 0, and where a run warms up its rate is 0
/// in both conventions, transformers' and that of Meta's training code.
public sealed interface Schedule permits TransformersSchedule, OriginalSchedule {
  /// @param step from 0
  /// @param span of the run
  /// @return what the peak rate is multiplied by, not negative
  double factor(long step, Span span);

  /// What settings call it, such as `linear`.
  String name();
}
