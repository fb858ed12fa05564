package io.plm4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `plm` itself: what all subcommands share, and the help.
@Command(
    name = "plm",
    description = "Meta's Perception Language Model: pictures and videos in, text out.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    parameterListHeading = "%n",
    descriptionHeading = "%n",
    sortOptions = false,
    usageHelpAutoWidth = false,
    footer = {
      "",
      "plm COMMAND --help says more. Exit codes: 0 done, 1 defect, 2 bad input, 130 Ctrl-C."
    })
final class PlmCommand {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the whole trace of an error.")
  private boolean debug;

  boolean debug() {
    return debug;
  }
}
