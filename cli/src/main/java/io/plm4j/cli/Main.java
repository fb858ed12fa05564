package io.plm4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/// Where the process begins and ends.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    Optional.ofNullable(Integer.getInteger("plm.stderr")).ifPresent(StandardError::restore);
    var terminal = Terminal.ofProcess();
    var interrupt = new Interrupt();
    interrupt.listen(terminal.progress());
    var seeds = new SplittableRandom();
    var home = Path.of(System.getProperty("user.home"));
    var context =
        new Context(
            terminal,
            interrupt,
            System::nanoTime,
            // Seeds are shown and typed again: keep them short.
            () -> seeds.nextInt(1, 1_000_000_000),
            System.getenv(),
            home,
            () -> lines(terminal, interrupt, home),
            Path.of("/"));
    System.exit(CommandLineRunner.run(context, args));
  }

  private static LineSource lines(Terminal terminal, Interrupt interrupt, Path home) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      return new PipedLines(terminal.in(), interrupt);
    }
    var state =
        Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .orElse(home.resolve(".local").resolve("state"));
    return TypedLines.open(state.resolve("plm4j").resolve("chat-history"));
  }
}
