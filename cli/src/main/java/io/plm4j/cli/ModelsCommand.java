package io.plm4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `plm models`: what has been downloaded from the Hugging Face Hub, and what to do with it.
@Command(
    name = "models",
    description = {
      "Download models from the Hugging Face Hub, and list and remove what was downloaded, by plm",
      "or by Python's programs: they share one folder."
    })
final class ModelsCommand {
  static CommandLine commands(Context context) {
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ModelsDownloadCommand(context))
        .addSubcommand(new ModelsListCommand(context))
        .addSubcommand(new ModelsShowCommand(context))
        .addSubcommand(new ModelsRemoveCommand(context))
        .addSubcommand(new ModelsPruneCommand(context));
  }
}
