package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.generate.Batch;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Many requests from a file.
final class BatchOptions {
  private static final int TOGETHER = 4;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description = "Answer the requests of this file instead, a JSON object a line.")
  private Optional<Path> requests = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Where the answers of --batch go, a JSON object a line. If it is there already, what it",
        "has is not asked again."
      })
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many answers of --batch are made at a time, 1 to 8. Default: 4.")
  private Optional<Integer> parallel = Optional.empty();

  boolean isGiven() {
    return requests.isPresent();
  }

  Path requests() {
    return requests.orElseThrow();
  }

  Path out() {
    return out.orElseThrow(() -> new InputException("--batch needs --out FILE for the answers."));
  }

  int together() {
    int together = parallel.orElse(TOGETHER);
    if (together < 1 || together > Batch.WIDEST) {
      throw new InputException(
          "--parallel must be from 1 to %d, but is %d.".formatted(Batch.WIDEST, together));
    }
    return together;
  }

  /// Finds options that would do nothing.
  void check() {
    if (isGiven()) {
      out();
      together();
      return;
    }
    if (out.isPresent() || parallel.isPresent()) {
      throw new InputException(
          "--out and --parallel have no effect without --batch FILE; leave them out.");
    }
  }
}
