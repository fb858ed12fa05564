package io.plm4j.train.learn;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;

/// The chance in learning: what is left out of a micro-batch. It has no state but the number of the
/// micro-batch, so that a run that goes on, or a layer that is run once more, leaves out the same.
public final class Chance {
  private final long seed;
  private long number;
  private boolean learning;

  public Chance(long seed) {
    this.seed = seed;
  }

  /// From now on what is asked for belongs to this micro-batch.
  public void learn(long microBatch) {
    number = microBatch;
    learning = true;
  }

  /// From now on nothing is left out.
  public void rest() {
    learning = false;
  }

  public boolean isLearning() {
    return learning;
  }

  /// Ones that were kept, divided by how many are, and zeros.
  ///
  /// @param kept the probability of a one, above 0
  /// @param site tells places of the model that draw for themselves apart
  Tensor mask(double kept, DType type, long site, long... shape) {
    long mixed = mix(mix(mix(seed) ^ number) ^ site);
    return Tensor.uniform(mixed, shape).lessThan(kept).to(type).times(1 / kept);
  }

  /// Drops a share of the numbers of x and lets the others grow, while it learns.
  ///
  /// @param site tells places of the model apart
  public Tensor drop(Tensor x, double share, long site) {
    return learning ? x.times(mask(1 - share, x.dtype(), site, x.shape())) : x;
  }

  /// A bijection of the longs after which neighbours are strangers.
  ///
  /// Source: the finaliser of SplitMix64, Steele et al. 2014.
  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
