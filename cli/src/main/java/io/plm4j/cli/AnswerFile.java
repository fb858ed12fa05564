package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The file of a batch's answers, a JSON object a line, written as they come. Opened again, it
/// knows what is answered already; records of failures and a line that was cut off are dropped
/// then, so that these requests are tried again.
final class AnswerFile implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  /// How every record begins: what does not is nothing that was cut off.
  private static final String BEGINNING = "{\"line\":";

  private final FileChannel channel;

  /// Keys of the requests that have answers, by their lines.
  private final Map<Integer, String> answered;

  private AnswerFile(FileChannel channel, Map<Integer, String> answered) {
    this.channel = channel;
    this.answered = answered;
  }

  /// A line of the file of requests.
  ///
  /// @param number from 1
  /// @param key tells this request, with its options and model, from others
  /// @param id the user's own name for it, if it has one
  record Line(int number, String key, Optional<JsonNode> id) {}

  /// @throws InputException if the file holds something else than answers, or is in use
  static AnswerFile open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new InputException(file + " is not a file; name another one with --out.");
    }
    try {
      // Nothing is read or rewritten before it is certain that nobody else writes.
      var channel = locked(file);
      try {
        var answered = new HashMap<Integer, String>();
        if (keepAnswers(file, channel, answered)) {
          var rewritten = locked(file);
          channel.close();
          channel = rewritten;
        }
        channel.position(channel.size());
        return new AnswerFile(channel, answered);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new InputException(
          "%s is being written by another plm; wait for it, or name another file with --out."
              .formatted(file));
    }
    return channel;
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// Rewrites the file without failures and without a last line that was cut off, if it has any.
  ///
  /// @return whether there is another file under its name now
  private static boolean keepAnswers(Path file, FileChannel channel, Map<Integer, String> answered)
      throws IOException {
    // Through the channel: closing another one of the same file would end its lock.
    var bytes = new byte[Math.toIntExact(channel.size())];
    Channels.newInputStream(channel).readNBytes(bytes, 0, bytes.length);
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, whole));
    List<String> lines = text.toString().lines().toList();
    var kept = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      var record = record(lines.get(i));
      if (record.isEmpty()) {
        throw notOurs(file, i + 1, lines.get(i));
      }
      if (record.get().has("text")) {
        kept.add(lines.get(i));
        answered.put(
            record.get().get("line").intValue(), record.get().get("request").stringValue());
      }
    }
    var rest = new String(bytes, whole, bytes.length - whole, StandardCharsets.UTF_8);
    if (!rest.startsWith(BEGINNING) && !BEGINNING.startsWith(rest)) {
      throw notOurs(file, lines.size() + 1, rest);
    }
    if (kept.size() == lines.size() && whole == bytes.length) {
      return false;
    }
    var part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, kept);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  private static InputException notOurs(Path file, int line, String found) {
    return new InputException(
        "%s: line %d is no answer of plm: %s. Name another file with --out."
            .formatted(file, line, Excerpt.of(found)));
  }

  private static Optional<JsonNode> record(String line) {
    try {
      var node = MAPPER.readTree(line);
      boolean known =
          node.path("line").isInt()
              && node.path("request").isString()
              && (node.path("text").isString() || node.path("error").isString());
      return known ? Optional.of(node) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// Whether the request of a line has its answer.
  ///
  /// @param request its key
  /// @throws InputException if its line has an answer to something else
  boolean has(int number, String request) {
    var key = answered.get(number);
    if (key != null && !key.equals(request)) {
      throw new InputException(
          "The answer to line %d of the requests was made from another request, or with another model or other options. Move the answers away, or name another file with --out."
              .formatted(number));
    }
    return key != null;
  }

  void answer(Line line, Answer answer) {
    write(
        begin(line)
            .put("text", answer.text())
            .put("prompt_tokens", answer.promptTokens())
            .put("new_tokens", answer.tokens().length)
            .put("finish_reason", answer.finishReason().name().toLowerCase(Locale.ROOT)));
  }

  void error(Line line, String message) {
    write(begin(line).put("error", message));
  }

  private static ObjectNode begin(Line line) {
    var record = JsonNodeFactory.instance.objectNode().put("line", line.number());
    line.id().ifPresent(id -> record.set("id", id));
    return record.put("request", line.key());
  }

  private void write(ObjectNode record) {
    var bytes =
        ByteBuffer.wrap(
            (MAPPER.writeValueAsString(record) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the answers cannot be written", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the answers cannot be written", e);
    }
  }
}
