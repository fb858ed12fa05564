package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.BatchListener;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.text.SpecialTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Answers a file of requests. Every line gets an answer or a record of what is wrong with it.
final class BatchRun {
  private static final int KEY_BYTES = 12;

  private final Path requests;
  private final String settings;
  private final AnswerFile answers;
  private final Context context;
  private final List<Todo> todo = new ArrayList<>();
  private int earlier;
  private int answered;
  private int failed;
  private long newTokens;

  /// @param text of the line
  private record Todo(AnswerFile.Line line, String text) {}

  /// @param settings all that shapes the answers beside the lines themselves, as a text
  BatchRun(Path requests, String settings, AnswerFile answers, Context context) {
    this.requests = requests;
    this.settings = settings;
    this.answers = answers;
    this.context = context;
  }

  /// Reads the file and finds what is still to do.
  BatchRun read() {
    if (!Files.isRegularFile(requests)) {
      throw new InputException(
          "The file of requests %s %s."
              .formatted(requests, Files.exists(requests) ? "is not a file" : "does not exist"));
    }
    try (var reader = Files.newBufferedReader(requests)) {
      read(reader);
    } catch (MalformedInputException e) {
      throw new InputException(requests + " is not UTF-8 text.", e);
    } catch (IOException | UncheckedIOException e) {
      throw new InputException("%s cannot be read: %s".formatted(requests, e.getMessage()), e);
    }
    return this;
  }

  private void read(BufferedReader reader) throws IOException {
    int number = 0;
    for (var text = reader.readLine(); text != null; text = reader.readLine()) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      var key = key(text);
      if (answers.has(number, key)) {
        earlier++;
      } else {
        todo.add(new Todo(new AnswerFile.Line(number, key, id(text)), text));
      }
    }
  }

  /// The user's own name for a request; one that cannot be read has none.
  private static Optional<JsonNode> id(String text) {
    try {
      return Optional.ofNullable(ConversationFile.tree("line", text).get("id"));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private String key(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(settings.getBytes(StandardCharsets.UTF_8));
      sha.update(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest(), 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Answers what is still to do.
  ///
  /// @param specialTokens what spellings of special tokens are in all lines
  /// @return the exit code
  int answer(
      int together, MediaReader media, SpecialTokens specialTokens, GenerationOptions defaults) {
    long start = context.nanoTime().getAsLong();
    var lines = todo.iterator();
    media
        .plm()
        .askAll(
            new Iterator<Supplier<Request>>() {
              @Override
              public boolean hasNext() {
                return lines.hasNext();
              }

              @Override
              public Supplier<Request> next() {
                var next = lines.next();
                var source = "line " + next.line().number();
                return () ->
                    RequestLine.read(
                            new JsonFields(source, ConversationFile.tree(source, next.text())),
                            media,
                            defaults)
                        .withSpecialTokens(specialTokens);
              }
            },
            together,
            new Recorder());
    context.terminal().progress().clear();
    double seconds = (context.nanoTime().getAsLong() - start) / 1e9;
    report(seconds);
    if (context.interrupt().requested()) {
      return ExitCode.INTERRUPTED;
    }
    return failed > 0 ? ExitCode.BAD_INPUT : ExitCode.OK;
  }

  private void report(double seconds) {
    var words = new ArrayList<String>();
    words.add(Units.grouped(answered) + " answered");
    if (earlier > 0) {
      words.add(Units.grouped(earlier) + " were there already");
    }
    if (failed > 0) {
      words.add(Units.grouped(failed) + " failed");
    }
    int left = todo.size() - answered - failed;
    if (left > 0) {
      words.add(Units.grouped(left) + " left");
    }
    context
        .terminal()
        .err()
        .printf(
            "%s; %s, %s tokens, %s a second%n",
            String.join(", ", words),
            Units.seconds(seconds),
            Units.grouped((int) newTokens),
            Units.rate(newTokens / Math.max(seconds, 1e-9)));
  }

  private final class Recorder implements BatchListener {
    @Override
    public void answered(int index, Answer answer) {
      // What Ctrl-C cut short is asked again the next time.
      if (answer.finishReason() != FinishReason.CANCELLED) {
        answers.answer(todo.get(index).line(), answer);
        answered++;
        newTokens += answer.tokens().length;
        show();
      }
    }

    @Override
    public void failed(int index, RuntimeException reason) {
      answers.error(todo.get(index).line(), message(reason));
      failed++;
      show();
    }

    private static String message(RuntimeException reason) {
      if (NativeMemory.isExhausted(reason)) {
        return NativeMemory.MESSAGE;
      }
      if (reason instanceof InputException) {
        return String.valueOf(reason.getMessage());
      }
      throw reason;
    }

    private void show() {
      context
          .terminal()
          .progress()
          .show(
              "%d of %d answered%s"
                  .formatted(
                      answered, todo.size(), failed == 0 ? "" : ", %d failed".formatted(failed)));
    }

    @Override
    public boolean cancelled() {
      return context.interrupt().requested();
    }
  }
}
