package io.plm4j.cli;

import io.plm4j.train.data.DataListener;

/// Tells of rows that are not learnt: the first ones each, the others counted.
final class DataWarnings implements DataListener {
  private static final int SHOWN = 10;

  private final Terminal terminal;
  private int skipped;
  private int shortened;

  DataWarnings(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void skipped(SkippedRow row) {
    skipped++;
    say(skipped, "%s: %s is skipped: %s".formatted(row.source(), row.place(), row.reason()));
  }

  @Override
  public void shortened(String source, String place, int turns) {
    shortened++;
    say(
        shortened,
        "%s: %s is too long; its last %s left out"
            .formatted(source, place, turns == 1 ? "turn is" : turns + " turns are"));
  }

  /// Every tenth after the first ten, every hundredth after a hundred and so on.
  private void say(int number, String warning) {
    int rare = 1;
    while (number > (long) SHOWN * rare) {
      rare *= SHOWN;
    }
    if (number % rare == 0) {
      terminal.progress().clear();
      terminal
          .err()
          .println(
              "plm: warning: %s%s"
                  .formatted(
                      warning, rare == 1 ? "" : " (%,d such rows so far)".formatted(number)));
    }
  }
}
