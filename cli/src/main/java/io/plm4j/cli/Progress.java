package io.plm4j.cli;

import java.io.PrintStream;

/// One line on standard error that says what the work is at, replaced as it goes on and gone when
/// it ends. Nothing is shown where standard error is no terminal. Any thread may use it.
final class Progress {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final int columns;
  private boolean shown;
  private boolean ended;

  /// @param columns of the terminal; 0 if there is none
  Progress(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  /// Shows a line, cut so that it never wraps: a wrapped line could not be replaced.
  synchronized void show(String line) {
    if (columns > 1 && !ended) {
      print(ERASE_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
      shown = true;
    }
  }

  /// Takes the line away.
  synchronized void clear() {
    if (shown) {
      print(ERASE_LINE);
      shown = false;
    }
  }

  /// Takes the line away for good: the process ends while another thread may still be at work.
  synchronized void end() {
    clear();
    ended = true;
  }

  private void print(String text) {
    err.print(text);
    err.flush();
  }
}
