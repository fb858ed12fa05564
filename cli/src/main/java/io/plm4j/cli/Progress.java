package io.plm4j.cli;

import java.io.PrintStream;

/// One line on standard error that says what the work is at, replaced as it goes on and gone when
/// it ends. Nothing is shown where standard error is no terminal.
final class Progress implements AutoCloseable {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final int columns;
  private boolean shown;

  Progress(Terminal terminal) {
    this.err = terminal.err();
    this.columns = terminal.columns();
  }

  /// Shows a line, cut so that it never wraps: a wrapped line could not be replaced.
  void show(String line) {
    if (columns > 1) {
      err.print(ERASE_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
      err.flush();
      shown = true;
    }
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (shown) {
      err.print(ERASE_LINE);
      err.flush();
      shown = false;
    }
  }
}
