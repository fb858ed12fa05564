package io.plm4j.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.media.Bicubic;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.score.CheckJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DataFolderTest {
  private static final int COUNT = 25;

  @TempDir private static Path folder;

  private static World world() {
    return new World(new World.Settings(7, Kind.ALL, List.of(Level.values()), Style.TRAIN, 5));
  }

  @BeforeAll
  static void draw() {
    DataFolder.write(
        world(), new DataFolder.Part(0, COUNT, 2, DataFolder.Form.WHOLE), folder, _ -> {});
  }

  private static List<JsonObject> rows() {
    var rows = new ArrayList<JsonObject>();
    Conversations.read(folder, rows::add);
    return rows;
  }

  @Test
  void everyRowHasItsPictureOrClip() {
    assertThat(rows()).hasSize(COUNT);
    for (var row : rows()) {
      row.optionalText("image")
          .ifPresent(
              place -> assertThat(Image.read(folder.resolve(place)).width()).isGreaterThan(300));
      row.optionalText("video")
          .ifPresent(place ->
              assertThat(Video.read(folder.resolve(place)).frames())
                  .hasSizeGreaterThanOrEqualTo(8));
    }
  }

  @Test
  void everyAnswerHasACheckThatCanBeReadAndWrittenAgain() {
    for (var row : rows()) {
      var checks = row.objects("checks");
      assertThat(row.objects("conversations")).hasSize(2 * checks.size());
      for (var json : checks) {
        var check = CheckJson.read(json);
        var written = JsonMapper.shared().writeValueAsBytes(CheckJson.write(check));
        assertThat(CheckJson.read(JsonObject.parse("again", written))).isEqualTo(check);
      }
    }
  }

  @Test
  void aPartIsTheSameAsInTheWhole(@TempDir Path other) throws IOException {
    DataFolder.write(world(), new DataFolder.Part(20, 5, 1, DataFolder.Form.WHOLE), other, _ -> {});
    var whole = Files.readAllLines(folder.resolve(DataFolder.ROWS));
    assertThat(Files.readAllLines(other.resolve(DataFolder.ROWS))).isEqualTo(whole.subList(20, 25));
  }

  @Test
  void questionsMayStandInRowsOfTheirOwn(@TempDir Path other) throws IOException {
    var form = new DataFolder.Form(OptionalInt.empty(), OptionalInt.of(2), OptionalInt.empty());
    DataFolder.write(world(), new DataFolder.Part(0, COUNT, 2, form), other, _ -> {});
    var apart = new LinkedHashMap<Integer, List<String>>();
    Conversations.read(
        other,
        row -> {
          var said = said(row);
          assertThat(said.size()).isBetween(2, 4);
          assertThat(row.has("checks")).isFalse();
          apart.computeIfAbsent(row.integer("id", 0, COUNT), _ -> new ArrayList<>()).addAll(said);
        });
    for (var row : rows()) {
      // Boxes are numbered from the beginning of a row.
      assertThat(plain(apart.getOrDefault(row.integer("id", 0, COUNT), List.of())))
          .isEqualTo(plain(said(row)));
    }
  }

  private static List<String> said(JsonObject row) {
    return row.objects("conversations").stream().map(turn -> turn.text("value")).toList();
  }

  private static List<String> plain(List<String> texts) {
    return texts.stream().map(text -> text.replaceAll("bbox[0-9]+", "bbox")).toList();
  }

  @Test
  void picturesMayBeSqueezed(@TempDir Path other) throws IOException {
    var form = new DataFolder.Form(OptionalInt.of(64), OptionalInt.empty(), OptionalInt.empty());
    DataFolder.write(world(), new DataFolder.Part(0, COUNT, 2, form), other, _ -> {});
    assertThat(Files.readString(other.resolve(DataFolder.ROWS)))
        .isEqualTo(Files.readString(folder.resolve(DataFolder.ROWS)));
    int pictures = 0;
    for (var row : rows()) {
      var place = row.optionalText("image");
      if (place.isPresent()) {
        var drawn = Image.read(folder.resolve(place.get()));
        assertThat(Image.read(other.resolve(place.get())).toRgb())
            .isEqualTo(Bicubic.TORCHVISION_BYTES.resize(drawn, 64, 64).toRgb());
        pictures++;
      }
    }
    assertThat(pictures).isPositive();
  }

  @Test
  void picturesMaySayWhatLiesWhere(@TempDir Path other) {
    var form = new DataFolder.Form(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(12));
    var letters =
        new World(
            new World.Settings(5, List.of(Kind.LETTERS), List.of(Level.FIRST), Style.TRAIN, 2));
    DataFolder.write(letters, new DataFolder.Part(0, 20, 2, form), other, _ -> {});
    var rows = new LinkedHashMap<Integer, List<JsonObject>>();
    Conversations.read(
        other,
        row -> rows.computeIfAbsent(row.integer("id", 0, 20), _ -> new ArrayList<>()).add(row));
    int several = 0;
    int strokes = 0;
    for (var same : rows.values()) {
      // Only the first row of a picture says it.
      same.stream().skip(1).forEach(row -> assertThat(row.has("seen")).as("later rows").isFalse());
      several += same.size() > 1 ? 1 : 0;
      var cells = (List<?>) same.getFirst().plain("seen").orElseThrow();
      assertThat(cells).hasSize(144);
      var seen = cells.stream().filter(Objects::nonNull).map(Object::toString).toList();
      var read = seen.stream().filter(said -> said.length() == 1 && !said.equals(" ")).toList();
      assertThat(said(same.getFirst()).getLast().replace(" ", "")).contains(String.join("", read));
      assertThat(read).hasSize(16);
      // The ground between them, and what strokes beside their middles are drawn with.
      var colors = seen.stream().filter(said -> said.length() > 1).distinct().toList();
      assertThat(colors).hasSizeLessThanOrEqualTo(2).allMatch(said -> said.startsWith(" "));
      strokes += colors.size() == 2 ? 1 : 0;
    }
    assertThat(several).isPositive();
    assertThat(strokes).isPositive();
  }

  @Test
  void rightAnswersScoreAllAndNoAnswersNothing(@TempDir Path other) throws IOException {
    var requests = other.resolve("requests.jsonl");
    var quiz = new Quiz(folder);
    long count = quiz.writeRequests(requests);
    var answers = new ArrayList<String>();
    for (var sample : samples()) {
      var questions = Rows.quiz(sample);
      for (int i = 0; i < questions.size(); i++) {
        answers.add(
            JsonMapper.shared()
                .writeValueAsString(
                    Map.of("id", sample.number() + "." + i, "text", questions.get(i).answer())));
      }
    }
    assertThat(answers).hasSize((int) count);
    var file = Files.write(other.resolve("answers.jsonl"), answers, StandardCharsets.UTF_8);
    assertThat(quiz.score(file).all().whole()).isEqualTo(1);
    assertThat(quiz.score(file).unanswered()).isZero();
    var none = Files.writeString(other.resolve("none.jsonl"), "");
    assertThat(quiz.score(none).all().right()).isZero();
    assertThat(quiz.score(none).unanswered()).isEqualTo((int) count);
  }

  @Test
  void requestsNameFilesThatAreThereAndHoldNoPlacesForBoxes(@TempDir Path other)
      throws IOException {
    var file = other.resolve("requests.jsonl");
    new Quiz(folder).writeRequests(file);
    for (var line : Files.readAllLines(file)) {
      var request = JsonObject.parse("request", line.getBytes(StandardCharsets.UTF_8));
      assertThat(request.text("prompt")).doesNotContain("<|");
      request.optionalText("image").ifPresent(place -> assertThat(Path.of(place)).exists());
      request.optionalText("video").ifPresent(place -> assertThat(Path.of(place)).isDirectory());
    }
  }

  private static List<Sample> samples() {
    var world = world();
    var samples = new ArrayList<Sample>();
    for (int i = 0; i < COUNT; i++) {
      samples.add(world.sample(i));
    }
    return samples;
  }

  @Test
  void aFolderWithoutConversationsIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> Conversations.read(empty, _ -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.jsonl is not there")
        .hasMessageContaining("plm nano draw");
  }
}
