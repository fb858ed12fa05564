package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.train.FineTuning;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs one command line, and turns whatever goes wrong into a message and an exit code.
final class CommandLineRunner {
  private static final int MIN_HELP_WIDTH = 60;
  private static final int MAX_HELP_WIDTH = 100;

  private CommandLineRunner() {}

  /// @return the exit code
  static int run(Context context, String... args) {
    var terminal = context.terminal();
    var plm = new PlmCommand();
    var line = commands(plm, context);
    line.setParameterExceptionHandler((e, _) -> report(e, terminal.err()))
        .setExecutionExceptionHandler((e, _, _) -> report(e, plm.debug(), terminal));
    int code = execute(line, plm, terminal, args);
    terminal.progress().clear();
    return terminal.failure().map(e -> outputFailed(e, terminal.err())).orElse(code);
  }

  static CommandLine commands(PlmCommand plm, Context context) {
    var terminal = context.terminal();
    return new CommandLine(plm)
        .addSubcommand(new GenerateCommand(context))
        .addSubcommand(new ChatCommand(context))
        .addSubcommand(new TaskCommand(context))
        .addSubcommand(new TokenizeCommand(context))
        .addSubcommand(new InspectCommand(context))
        .addSubcommand(new PreprocessCommand(context))
        .addSubcommand(new ConvertCommand(context))
        .addSubcommand(new FinetuneCommand(context, () -> fineTuning(context)))
        .addSubcommand(new MergeCommand(context))
        .addSubcommand(new QuantizeCommand(context))
        .addSubcommand(new CompareCommand(context))
        .addSubcommand(new AssembleCommand(context))
        .addSubcommand(new TrainCommand(context, () -> fineTuning(context)))
        .addSubcommand(new BenchCommand(context))
        .addSubcommand(new PushCommand(context))
        .addSubcommand(ModelsCommand.commands(context))
        .addSubcommand(NanoCommand.commands(context))
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(helpWidth(terminal.columns()));
  }

  private static FineTuning fineTuning(Context context) {
    return new FineTuning(
        name -> ModelOptions.ModelFolder.path(name, context), new DataWarnings(context.terminal()));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static int helpWidth(int columns) {
    return columns == 0 ? 80 : Math.clamp(columns, MIN_HELP_WIDTH, MAX_HELP_WIDTH);
  }

  /// picocli hands exceptions to its handlers, errors to the caller.
  private static int execute(CommandLine line, PlmCommand plm, Terminal terminal, String... args) {
    try {
      // Without a command there is nothing to do but to say what there is.
      return line.execute(args.length == 0 ? new String[] {"--help"} : args);
    } catch (OutOfMemoryError e) {
      return outOfMemory(e, plm.debug(), terminal.err());
    } catch (Error e) {
      return defect(e, plm.debug(), terminal.err());
    }
  }

  /// A mistake in the command line itself.
  private static int report(ParameterException e, PrintStream err) {
    err.println("plm: " + e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched) {
      var suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        err.println("Did you mean %s?".formatted(String.join(" or ", suggestions)));
      }
    }
    err.println(
        "%s --help lists the options."
            .formatted(e.getCommandLine().getCommandSpec().qualifiedName()));
    return ExitCode.BAD_INPUT;
  }

  private static int report(Exception e, boolean debug, Terminal terminal) {
    terminal.progress().clear();
    var err = terminal.err();
    if (e instanceof CancellationException) {
      return ExitCode.INTERRUPTED;
    }
    if (e instanceof InputException) {
      err.println("plm: " + e.getMessage());
      trace(e, debug, err);
      return ExitCode.BAD_INPUT;
    }
    if (NativeMemory.isExhausted(e)) {
      return outOfMemory(e, debug, err);
    }
    return defect(e, debug, err);
  }

  private static int defect(Throwable e, boolean debug, PrintStream err) {
    var message = Optional.ofNullable(e.getMessage()).orElse("no message").lines().findFirst();
    err.println(
        "plm: this should not happen: %s: %s%s"
            .formatted(
                e.getClass().getName(),
                message.orElse(""),
                debug ? "" : " (--debug shows the trace)"));
    trace(e, debug, err);
    return ExitCode.DEFECT;
  }

  private static int outOfMemory(Throwable e, boolean debug, PrintStream err) {
    boolean heap = e instanceof OutOfMemoryError;
    err.println(
        heap
            ? "plm: out of memory: Java's heap of %s is full. Use a smaller picture, or a larger heap: PLM_JAVA_OPTIONS=-Xmx8g plm ..."
                .formatted(Units.bytes(Runtime.getRuntime().maxMemory()))
            : "plm: " + NativeMemory.MESSAGE);
    trace(e, debug, err);
    return ExitCode.DEFECT;
  }

  private static void trace(Throwable e, boolean debug, PrintStream err) {
    if (debug) {
      e.printStackTrace(err);
    }
  }

  /// A reader that has seen enough is no error to speak of; a full disk is.
  private static int outputFailed(java.io.IOException e, PrintStream err) {
    if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
      return ExitCode.READER_GONE;
    }
    err.println("plm: standard output cannot be written: " + e.getMessage());
    return ExitCode.DEFECT;
  }
}
