package io.plm4j.train.schedule;

import java.util.OptionalLong;

/// Schedules under the names and with the values of transformers' `lr_scheduler_type`
/// (`optimization.py` of 5.18).
public sealed interface TransformersSchedule extends Schedule {
  /// Down to 0 at the end in a straight line.
  record Linear() implements TransformersSchedule {
    @Override
    public double factor(long step, Span span) {
      return span.isWarmingUp(step)
          ? span.warmUpProgress(step)
          : Math.max(0, (double) (span.steps() - step) / Math.max(1, span.steps() - span.warmUp()));
    }

    @Override
    public String name() {
      return "linear";
    }
  }

  /// Down along a cosine.
  ///
  /// @param cycles waves over the run; a half, the usual value, ends at the lowest rate
  /// @param minRatio lowest rate, as a part of the peak rate
  record Cosine(double cycles, double minRatio) implements TransformersSchedule {
    /// Half a wave, down to 0.
    public static final Cosine TO_ZERO = new Cosine(0.5, 0);

    public Cosine {
      requireRatio(minRatio);
      if (!(cycles > 0)) {
        throw new IllegalArgumentException("a cosine of %s cycles".formatted(cycles));
      }
    }

    @Override
    public double factor(long step, Span span) {
      return span.isWarmingUp(step)
          ? span.warmUpProgress(step)
          : scaled(wave(cycles, span.progress(step)), minRatio);
    }

    @Override
    public String name() {
      return minRatio == 0 ? "cosine" : "cosine_with_min_lr";
    }
  }

  /// The peak rate in every step; never warms up.
  record Constant() implements TransformersSchedule {
    @Override
    public double factor(long step, Span span) {
      return 1;
    }

    @Override
    public String name() {
      return "constant";
    }
  }

  /// The peak rate in every step after the warm-up.
  record ConstantWithWarmUp() implements TransformersSchedule {
    @Override
    public double factor(long step, Span span) {
      return span.isWarmingUp(step) ? span.warmUpProgress(step) : 1;
    }

    @Override
    public String name() {
      return "constant_with_warmup";
    }
  }

  /// Down with the inverse square root of the step.
  ///
  /// @param timescale steps after which a run without warm-up has 0.7 times the peak rate; empty:
  ///   those of the warm-up, or 10,000 without one
  record InverseSqrt(OptionalLong timescale) implements TransformersSchedule {
    private static final long WITHOUT_WARM_UP = 10_000;

    public InverseSqrt {
      if (timescale.isPresent() && timescale.getAsLong() < 1) {
        throw new IllegalArgumentException("a timescale of %d".formatted(timescale.getAsLong()));
      }
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return span.warmUpProgress(step);
      }
      double scale = timescale.orElse(span.warmUp() == 0 ? WITHOUT_WARM_UP : span.warmUp());
      return 1 / Math.sqrt((step - span.warmUp() + scale) / scale);
    }

    @Override
    public String name() {
      return "inverse_sqrt";
    }
  }

  /// How a rate falls from its peak.
  enum Fall {
    LINEAR,
    COSINE,
    ONE_MINUS_SQRT;

    /// @param progress from 0 to 1
    /// @return from 1 to 0
    double height(double progress) {
      return switch (this) {
        case LINEAR -> 1 - progress;
        case COSINE -> wave(0.5, progress);
        case ONE_MINUS_SQRT -> 1 - Math.sqrt(progress);
      };
    }
  }

  /// Stays at the peak, then falls in the last steps.
  ///
  /// @param decaySteps how many these are
  /// @param minRatio where the warm-up begins and the fall ends, as a part of the peak rate
  record WarmUpStableDecay(long decaySteps, double minRatio, Fall fall)
      implements TransformersSchedule {
    public WarmUpStableDecay {
      requireRatio(minRatio);
      if (decaySteps < 0) {
        throw new IllegalArgumentException("a fall of %d steps".formatted(decaySteps));
      }
    }

    @Override
    public double factor(long step, Span span) {
      if (span.isWarmingUp(step)) {
        return scaled(span.warmUpProgress(step), minRatio);
      }
      // Before the warm-up's end in a run that is shorter than both: it then begins on its way
      // down.
      long falls = span.steps() - decaySteps;
      if (step < falls) {
        return 1;
      }
      return step < span.steps()
          ? scaled(fall.height((double) (step - falls) / decaySteps), minRatio)
          : minRatio;
    }

    @Override
    public String name() {
      return "warmup_stable_decay";
    }
  }

  private static double wave(double cycles, double progress) {
    return 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
  }

  private static double scaled(double height, double minRatio) {
    return Math.max(0, height * (1 - minRatio) + minRatio);
  }

  private static void requireRatio(double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("a least rate of %s times the peak".formatted(ratio));
    }
  }
}
