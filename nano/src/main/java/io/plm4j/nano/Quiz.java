package io.plm4j.nano;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.nano.score.CheckJson;
import io.plm4j.nano.score.Marker;
import io.plm4j.nano.score.Report;
import io.plm4j.nano.talk.Check;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// The questions of a data folder, each by itself: as requests for `plm generate --batch`, and with
/// the answers that come back.
public final class Quiz {
  private final Path folder;

  /// @param folder that [DataFolder] wrote
  public Quiz(Path folder) {
    this.folder = folder;
  }

  /// A question with what must be right in its answer.
  ///
  /// @param key by which its answer is known
  private record Question(String key, JsonObject row, String text, Check check) {}

  /// Writes a request a line. Pictures and clips are named from the current folder.
  ///
  /// @return how many there are
  /// @throws InputException if the folder cannot be read or the file not written
  public long writeRequests(Path file) {
    long[] count = {0};
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      var lines = new ArrayList<String>();
      each(question -> {
        lines.add(request(question));
        count[0]++;
      });
      for (var line : lines) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
    return count[0];
  }

  private String request(Question question) {
    var request = new LinkedHashMap<String, Object>();
    request.put("id", question.key());
    for (var medium : List.of("image", "video")) {
      question
          .row()
          .optionalText(medium)
          .ifPresent(place -> request.put(medium, folder.resolve(place).toString()));
    }
    request.put("prompt", question.text());
    return JsonMapper.shared().writeValueAsString(request);
  }

  /// Marks answers.
  ///
  /// @param answers that `plm generate --batch` wrote
  /// @throws InputException if one of the files cannot be read
  public Report score(Path answers) {
    var texts = answers(answers);
    var report = new Report();
    each(question -> {
      var kind = question.row().text("kind");
      var topic = question.check().topic();
      var text = texts.get(question.key());
      if (text == null) {
        report.addUnanswered(kind, topic);
      } else {
        report.add(kind, topic, Marker.mark(question.check(), text));
      }
    });
    return report;
  }

  private static Map<String, String> answers(Path file) {
    var texts = new HashMap<String, String>();
    Conversations.readLines(
        file,
        line -> line.optionalText("text").ifPresent(text -> texts.put(line.text("id"), text)));
    return texts;
  }

  private void each(Consumer<Question> reader) {
    Conversations.read(
        folder,
        row -> {
          var number = row.integer("id", 0, Integer.MAX_VALUE);
          var said = row.objects("conversations");
          var checks = row.objects("checks");
          if (said.size() != 2 * checks.size()) {
            throw row.inconsistent(
                "%d things are said, but %d answers are checked; wanted is a check for each question and answer"
                    .formatted(said.size(), checks.size()));
          }
          for (int i = 0; i < checks.size(); i++) {
            reader.accept(
                new Question(
                    "%d.%d".formatted(number, i),
                    row,
                    checks.get(i).optionalText("question").orElse(said.get(2 * i).text("value")),
                    CheckJson.read(checks.get(i))));
          }
        });
  }
}
