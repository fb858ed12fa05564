package io.plm4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `plm nano`: what the small model that ships learns from, and how it is judged.
@Command(
    name = "nano",
    description = {
      "Draw and film what the small model that ships with plm4j learns from, learn its vocabulary,",
      "and judge its answers."
    })
final class NanoCommand {
  static CommandLine commands(Context context) {
    return new CommandLine(new NanoCommand())
        .addSubcommand(new NanoDrawCommand(context))
        .addSubcommand(new NanoVocabularyCommand(context))
        .addSubcommand(new NanoQuestionsCommand(context))
        .addSubcommand(new NanoScoreCommand(context));
  }
}
