package io.plm4j.generate;

import io.plm4j.error.InputException;

/// How the next token is chosen from the scores.
public sealed interface Sampling {
  /// Always the token with the highest score, the one with the lowest id on ties.
  record Greedy() implements Sampling {}

  /// A random draw from the probabilities that remain after the filters, applied in this order:
  /// temperature, top-k, top-p, min-p.
  ///
  /// @param temperature divides the scores; greater than 0
  /// @param topK how many of the likeliest tokens remain, those with the last one's score included;
  ///   0 for all
  /// @param topP the likeliest tokens remain whose probabilities reach this sum; 1 for all
  /// @param minP tokens remain whose probability is at least this part of the likeliest one's; 0
  ///   for all
  /// @param seed the same seed gives the same draws
  record Random(double temperature, int topK, double topP, double minP, long seed)
      implements Sampling {
    public Random {
      check(
          temperature > 0 && Double.isFinite(temperature),
          "temperature",
          "greater than 0",
          temperature);
      check(topK >= 0, "top-k", "0 or greater", topK);
      check(topP > 0 && topP <= 1, "top-p", "greater than 0 and at most 1", topP);
      check(minP >= 0 && minP <= 1, "min-p", "from 0 to 1", minP);
    }

    private static void check(boolean ok, String name, String wanted, Number found) {
      if (!ok) {
        throw new InputException("%s must be %s, but is %s".formatted(name, wanted, found));
      }
    }
  }

  static Sampling greedy() {
    return new Greedy();
  }
}
