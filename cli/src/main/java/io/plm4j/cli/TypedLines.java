package io.plm4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// Lines that a person types on a terminal, with editing, history and completion of commands and
/// file names. Ctrl-C empties the line, or stops an answer; Ctrl-D ends.
final class TypedLines implements LineSource {
  private static final String PROMPT = "> ";

  private final Terminal terminal;
  private final LineReader reader;
  private volatile AtomicBoolean stopped = new AtomicBoolean();

  private TypedLines(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
    terminal.handle(Terminal.Signal.INT, _ -> stopped.set(true));
  }

  /// @param history file that keeps what was typed; made when there is something to keep
  static TypedLines open(Path history) {
    try {
      var terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      var parser = new DefaultParser();
      // A question is words for a person: no quotes to balance, nothing to escape.
      parser.setQuoteChars(new char[0]);
      parser.setEscapeChars(new char[0]);
      var builder =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("plm")
              .parser(parser)
              .completer(new ChatCompleter())
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ");
      if (isWritable(history)) {
        builder.variable(LineReader.HISTORY_FILE, history);
      }
      return new TypedLines(terminal, builder.build());
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be opened", e);
    }
  }

  /// A history that cannot be kept is no reason not to talk.
  private static boolean isWritable(Path history) {
    try {
      Files.createDirectories(history.toAbsolutePath().getParent());
      return !Files.exists(history) || Files.isWritable(history);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Optional<String> next() {
    while (true) {
      try {
        return Optional.of(reader.readLine(PROMPT));
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isEmpty()) {
          terminal.writer().println("Ctrl-D or /quit ends.");
          terminal.flush();
        }
      } catch (EndOfFileException e) {
        return Optional.empty();
      }
    }
  }

  @Override
  public BooleanSupplier watch() {
    var answer = new AtomicBoolean();
    stopped = answer;
    return answer::get;
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be closed", e);
    }
  }

  /// Commands at the beginning of a line, files behind those that take one.
  private static final class ChatCompleter implements Completer {
    private final FileNameCompleter files = new FileNameCompleter();

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
      if (!line.line().startsWith("/")) {
        return;
      }
      if (line.wordIndex() == 0) {
        ChatLine.COMMANDS.forEach(command -> candidates.add(new Candidate(command)));
      } else {
        files.complete(reader, line, candidates);
      }
    }
  }
}
