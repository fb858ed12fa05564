package io.plm4j.train.schedule;

/// Schedules as Meta's own training code computes them (`core/optim.py`), which the three stages
/// use.
///
/// Rates fall to `minRatio` times the peak and stay there. Meta's code has the cosine and the
/// stable schedule jump back to the peak in step N of a run of N steps, which no run takes, as its
/// last one is N - 1. Here step N continues the course.
public sealed interface OriginalSchedule extends Schedule {
  /// Part of the peak rate at the end.
  double minRatio();

  /// The peak rate in every step; never warms up.
  record Constant() implements OriginalSchedule {
    @Override
    public double factor(long step, Span span) {
      return 1;
    }

    @Override
    public double minRatio() {
      return 1;
    }

    @Override
    public String name() {
      return "original_constant";
    }
  }

  /// Down in a straight line.
  record Linear(double minRatio) implements OriginalSchedule {
    public Linear {
      requireRatio(minRatio);
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return span.warmUpProgress(step);
      }
      double s = span.progress(step);
      return step <= span.steps() ? s * minRatio + (1 - s) : minRatio;
    }

    @Override
    public String name() {
      return "original_linear";
    }
  }

  /// Down with a power of the step, counted from the run's start.
  ///
  /// @param exponent 0.5: the inverse square root
  record InverseSqrt(double minRatio, double exponent) implements OriginalSchedule {
    public InverseSqrt {
      requireRatio(minRatio);
      requirePositive("exponent", exponent);
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return span.warmUpProgress(step);
      }
      // Without warm-up Meta's code divides by 0 in step 0, and has the least rate in all others.
      double fall = step == 0 ? 1 : Math.pow(span.warmUp(), exponent) / Math.pow(step, exponent);
      return Math.max(fall, minRatio);
    }

    @Override
    public String name() {
      return "original_inv_sqrt";
    }
  }

  /// Down along a cosine, perhaps several times.
  ///
  /// @param cycleLength of a fall, as a part of the run
  /// @param theta power of the progress; above 1 the rate stays high for longer
  record Cosine(double minRatio, double cycleLength, double theta) implements OriginalSchedule {
    public Cosine {
      requireRatio(minRatio);
      requireCycle(cycleLength);
      requirePositive("theta", theta);
    }

    /// One fall over the whole run, as in all published stages.
    public static Cosine to(double minRatio) {
      return new Cosine(minRatio, 1, 1);
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return span.warmUpProgress(step);
      }
      if (step > span.steps()) {
        return minRatio;
      }
      double cycle = span.steps() * cycleLength;
      // The last step belongs to the cycle that it ends, not to one that begins.
      double number = step == span.steps() ? Math.ceil(step / cycle) - 1 : Math.floor(step / cycle);
      double sign = number % 2 == 0 ? 1 : -1;
      double turn = Math.PI * Math.pow(span.progress(step), theta) / cycleLength;
      return minRatio + 0.5 * (1 - minRatio) * (1 + sign * Math.cos(turn));
    }

    @Override
    public String name() {
      return "original_cosine";
    }
  }

  /// Stays at the peak, then falls in the last steps of each cycle, `j` of `n`, by 1 / ((j/n) /
  /// minRatio + 1 - j/n). `n` being the steps so far and not those of the fall, it ends well above
  /// `minRatio`: with 0.1 for both ratios at 0.53. That is Meta's formula, and it is kept;
  /// [TransformersSchedule.WarmUpStableDecay] falls all the way.
  ///
  /// @param cycleLength of a cycle, as a part of the run
  /// @param decayFraction part of a cycle in which the rate falls
  record WarmUpStableDecay(double minRatio, double cycleLength, double decayFraction)
      implements OriginalSchedule {
    public WarmUpStableDecay {
      requireRatio(minRatio);
      requireCycle(cycleLength);
      if (!(decayFraction >= 0 && decayFraction <= 1)) {
        throw new IllegalArgumentException("a fall of %s of a cycle".formatted(decayFraction));
      }
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return span.warmUpProgress(step);
      }
      if (step > span.steps()) {
        return minRatio;
      }
      long cycle = Math.max(1, (long) (span.steps() * cycleLength));
      double end = step == span.steps() ? step : (double) cycle * (step / cycle + 1);
      double peakUntil = end - (long) (end * decayFraction);
      if (step <= peakUntil) {
        return 1;
      }
      double j = (step - peakUntil) / end;
      return 1 / (j / minRatio + (1 - j));
    }

    @Override
    public String name() {
      return "original_wsd";
    }
  }

  private static void requireRatio(double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("a least rate of %s times the peak".formatted(ratio));
    }
  }

  private static void requireCycle(double length) {
    if (!(length > 0 && length <= 1)) {
      throw new IllegalArgumentException("a cycle of %s of the run".formatted(length));
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("%s %s is not above 0".formatted(what, value));
    }
  }
}
