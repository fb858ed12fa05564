package io.plm4j.cli;

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
    var context =
        new Context(
            terminal,
            interrupt,
            System::nanoTime,
            // Seeds are shown and typed again: keep them short.
            () -> seeds.nextInt(1, 1_000_000_000),
            System.getenv());
    System.exit(CommandLineRunner.run(context, args));
  }
}
