package io.plm4j.cli;

import io.plm4j.nano.Quiz;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plm nano questions`: requests for `plm generate --batch`.
@Command(
    name = "questions",
    description =
        "Write the questions of a folder as requests for plm generate --batch, each by itself.")
final class NanoQuestionsCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      required = true,
      description = "A folder that plm nano draw wrote.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where the requests go, one a line.")
  private Path out = Path.of("");

  private final Context context;

  NanoQuestionsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    long count = new Quiz(data).writeRequests(out);
    context.terminal().out().printf("%s: %,d questions%n", out, count);
    return ExitCode.OK;
  }
}
