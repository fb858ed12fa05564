package io.plm4j.cli;

import io.plm4j.nano.Quiz;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `plm nano score`: how much of what was to be right is right.
@Command(
    name = "score",
    description = "Mark the answers to a folder's questions, and report by kind and topic.")
final class NanoScoreCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      required = true,
      description = "A folder that plm nano draw wrote.")
  private Path data = Path.of("");

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      required = true,
      description = "What plm generate --batch wrote for the requests of plm nano questions.")
  private Path answers = Path.of("");

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  private final Context context;

  NanoScoreCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var report = new Quiz(data).score(answers);
    var terminal = context.terminal();
    if (report.unanswered() > 0) {
      terminal
          .err()
          .printf(
              "plm: warning: %,d questions have no answer in %s; they count as wrong%n",
              report.unanswered(), answers);
    }
    if (json) {
      terminal.out().println(JsonMapper.shared().writeValueAsString(report.json()));
    } else {
      terminal.out().print(report.markdown());
    }
    return ExitCode.OK;
  }
}
