package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Sources.Outcome;

/// Counts what the rows of each source were good for, and finds out when one is good for nothing.
final class Tally {
  /// So many bad rows before the first good one are no accident: a wrong folder looks like that,
  /// and there may be millions.
  private static final int BAD_BEGINNING = 1000;

  private final Sources sources;
  private final long[] good;
  private final long[] badRuns; // bad rows since the last good one

  Tally(Sources sources) {
    this.sources = sources;
    this.good = new long[sources.open().size()];
    this.badRuns = new long[sources.open().size()];
  }

  void good(Outcome.Good outcome) {
    int source = outcome.ref().source();
    good[source]++;
    badRuns[source] = 0;
  }

  /// @throws InputException if it was the source's last chance
  void bad(Outcome.Bad outcome) {
    int source = outcome.ref().source();
    badRuns[source]++;
    boolean all = badRuns[source] >= sources.open().get(source).count();
    if (all || good[source] == 0 && badRuns[source] >= BAD_BEGINNING) {
      throw new InputException(
          "The source %s has no row that can be learnt; %,d in a row are bad. The last one, %s: %s"
              .formatted(
                  sources.name(outcome.ref()),
                  badRuns[source],
                  sources.place(outcome.ref()),
                  outcome.reason()));
    }
  }

  /// Good rows of each source so far.
  long[] good() {
    return good.clone();
  }

  long[] badRuns() {
    return badRuns.clone();
  }

  void set(long[] newGood, long[] newBadRuns) {
    System.arraycopy(newGood, 0, good, 0, good.length);
    System.arraycopy(newBadRuns, 0, badRuns, 0, badRuns.length);
  }
}
