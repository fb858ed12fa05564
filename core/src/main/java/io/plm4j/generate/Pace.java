package io.plm4j.generate;

import java.util.function.LongSupplier;

/// How long a model's passes take with one token and with several, as measured while it answers.
/// One a model, for all its conversations; used by one pass at a time.
public final class Pace {
  /// What each further token is taken to cost, as a part of the first, before it was measured: the
  /// weights are read once for all, the arithmetic is done for each.
  private static final double PRIOR = 0.2;

  /// Weight of a new measurement against those before it.
  private static final double NEWEST = 0.25;

  /// A pass may have been slow because Java compiled or the machine was busy. With each pass of a
  /// single token what was measured of several comes this much nearer to the prior, so that they
  /// are tried again.
  private static final double FORGETTING = 0.005;

  private final LongSupplier nanoTime;
  private double oneToken;
  private double further = PRIOR;

  /// @param nanoTime a clock, in nanoseconds from any start
  public Pace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /// Notes that a pass with so many tokens has ended.
  ///
  /// @param start what [#now] said when it began
  void passed(int tokens, long start) {
    double nanos = Math.max(1, now() - start);
    if (tokens == 1) {
      oneToken = oneToken == 0 ? nanos : mixed(oneToken, nanos, NEWEST);
      further = mixed(further, PRIOR, FORGETTING);
    } else if (oneToken > 0) {
      // A pass with more tokens takes no less time than with fewer.
      further = mixed(further, Math.max(0, nanos / oneToken - 1) / (tokens - 1), NEWEST);
    }
  }

  private static double mixed(double old, double fresh, double weight) {
    return old + weight * (fresh - old);
  }

  /// Whether a single token was timed, without which nothing can be compared.
  boolean known() {
    return oneToken > 0;
  }

  /// @return how many single tokens take the time of a pass with this many
  double cost(int tokens) {
    return 1 + further * (tokens - 1);
  }
}
