package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.hub.Removal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How sure the user is that something is to be removed.
final class RemovalOptions {
  @Option(names = "--dry-run", description = "Only say what would be removed.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Do not ask first.")
  private boolean yes;

  /// Says what goes and how much that frees, asks where somebody can answer, and removes it.
  Integer carryOut(Removal removal, Context context) {
    if (dryRun && yes) {
      throw new InputException("--dry-run and --yes exclude each other; leave one out.");
    }
    var terminal = context.terminal();
    var out = terminal.out();
    removal.what().forEach(what -> out.println(what));
    if (removal.isEmpty()) {
      out.println("Nothing to remove.");
    } else if (dryRun) {
      out.printf("This would free %s.%n", Units.bytes(removal.bytes()));
    } else if (yes || agrees(removal, terminal)) {
      removal.carryOut();
      out.printf("Freed %s.%n", Units.bytes(removal.bytes()));
    } else {
      out.println("Nothing was removed.");
    }
    return ExitCode.OK;
  }

  private static boolean agrees(Removal removal, Terminal terminal) {
    if (terminal.columns() == 0) {
      throw new InputException(
          "Nothing was removed: there is no terminal to ask at. Add --yes to remove it, or --dry-run to see what would go.");
    }
    terminal.out().flush();
    terminal.err().printf("Remove it and free %s? [y/N] ", Units.bytes(removal.bytes()));
    var answer = line(terminal).strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  private static String line(Terminal terminal) {
    var line = new StringBuilder();
    try {
      for (int c = terminal.in().read(); c >= 0 && c != '\n'; c = terminal.in().read()) {
        line.append((char) c);
      }
      return line.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
