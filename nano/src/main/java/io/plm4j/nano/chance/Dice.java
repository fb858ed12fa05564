package io.plm4j.nano.chance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Everything that is left to chance about one picture.
///
/// The same seed and number give the same throws, whatever else is drawn and on however many cores.
public final class Dice {
  private final SplittableRandom random;

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /// The dice of one picture of a world.
  public static Dice of(long seed, long number) {
    // Neighbouring seeds and numbers must not give related throws: SplittableRandom mixes its seed,
    // and the odd factor keeps (seed, number) pairs apart.
    return new Dice(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number));
  }

  /// Dice of their own for a part, so that the part's throws do not move those of others.
  public Dice split() {
    return new Dice(random.split());
  }

  /// From `low` to `high`, both included.
  public int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /// From `low` up to `high`.
  public double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /// Gaussian with mean 0.
  public double gaussian(double deviation) {
    return random.nextGaussian() * deviation;
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  public <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @SafeVarargs
  public final <T> T pick(T first, T... others) {
    int which = random.nextInt(others.length + 1);
    return which == 0 ? first : others[which - 1];
  }

  /// The index of a weight, each as probable as it is heavy.
  public int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double thrown = random.nextDouble() * sum;
    for (int i = 0; i < weights.length; i++) {
      thrown -= weights[i];
      if (thrown < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  public <T> List<T> shuffled(List<T> list) {
    var copy = new ArrayList<>(list);
    Collections.shuffle(copy, (RandomGenerator) random);
    return copy;
  }

  /// So many different ones, in any order; all if there are fewer.
  public <T> List<T> some(List<T> list, int count) {
    return List.copyOf(shuffled(list).subList(0, Math.min(count, list.size())));
  }
}
