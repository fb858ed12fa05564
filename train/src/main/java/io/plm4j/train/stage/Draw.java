package io.plm4j.train.stage;

import java.util.random.RandomGenerator;

/// A law that the numbers of a new tensor follow.
sealed interface Draw {
  /// The same number everywhere.
  record Constant(double value) implements Draw {
    @Override
    public double next(RandomGenerator random) {
      return value;
    }
  }

  /// Normal with mean 0.
  record Normal(double std) implements Draw {
    @Override
    public double next(RandomGenerator random) {
      return std * gaussian(random);
    }
  }

  /// Normal with mean 0, drawn again beyond `cut` deviations.
  record TruncatedNormal(double std, double cut) implements Draw {
    @Override
    public double next(RandomGenerator random) {
      while (true) {
        double z = gaussian(random);
        if (Math.abs(z) <= cut) {
          return std * z;
        }
      }
    }
  }

  /// Uniform between `-bound` and `bound`.
  record Uniform(double bound) implements Draw {
    @Override
    public double next(RandomGenerator random) {
      return bound * (2 * random.nextDouble() - 1);
    }
  }

  double next(RandomGenerator random);

  /// Marsaglia's polar method in strict arithmetic: `nextGaussian` may be computed otherwise by the
  /// next Java, and a seed should give the same model then.
  private static double gaussian(RandomGenerator random) {
    while (true) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s < 1 && s > 0) {
        return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
      }
    }
  }
}
