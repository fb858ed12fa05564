package io.plm4j.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `plm inspect`: what is in a model's folder, and what is not.
@Command(
    name = "inspect",
    description = "Say what a model's folder holds, how much memory it needs, and what is missing.")
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = {
        "Folder with the model's files, or a model of the Hugging Face Hub as",
        "owner/name[@revision]."
      })
  private String model = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Context context;

  InspectCommand(Context context) {
    this.context = context;
  }

  /// A broken checkpoint is reported as far as it can be read, and then counts as bad input.
  @Override
  public Integer call() {
    var inspection = Inspection.of(ModelOptions.ModelFolder.path(model, context));
    var terminal = context.terminal();
    if (json) {
      terminal.out().println(new JsonMapper().writeValueAsString(inspection.json()));
    } else {
      print(inspection, terminal.out());
    }
    return inspection.problems().isEmpty() ? ExitCode.OK : ExitCode.BAD_INPUT;
  }

  private static void print(Inspection inspection, PrintStream out) {
    inspection.facts().forEach((name, fact) -> out.printf("%-11s %s%n", name, fact));
    inspection.unknownKeys().forEach(key -> out.printf("%-11s %s%n", "unknown key", key));
    inspection.problems().forEach(problem -> out.printf("%-11s %s%n", "problem", problem));
    if (inspection.problems().isEmpty()) {
      out.printf("%-11s %s%n", "complete", "yes");
    }
  }
}
