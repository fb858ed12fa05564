package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NanoCommandTest {
  @Test
  void whatIsDrawnCanBeAskedAndScored(@TempDir Path folder) throws IOException {
    var data = folder.resolve("data").toString();
    var drawn = Run.of("nano", "draw", "--out", data, "--count", "15", "--kinds", "shapes,words");
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(drawn.out()).contains("15 samples");
    var questions = folder.resolve("questions.jsonl");
    assertThat(Run.of("nano", "questions", "--data", data, "--out", questions.toString()).out())
        .contains(" questions");
    var answers = Files.writeString(folder.resolve("answers.jsonl"), "");
    try (var lines = Files.lines(questions)) {
      for (var line : lines.toList()) {
        var id = JsonObject.parse("q", line.getBytes(StandardCharsets.UTF_8)).text("id");
        Files.writeString(
            answers,
            "{\"id\": \"%s\", \"text\": \"Red.\"}%n".formatted(id),
            StandardOpenOption.APPEND);
      }
    }
    var table = Run.of("nano", "score", "--data", data, "--answers", answers.toString());
    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.out()).contains("| **all** | **all** |").contains("| **words** | **all** |");
    var json = Run.of("nano", "score", "--data", data, "--answers", answers.toString(), "--json");
    var report = JsonObject.parse("report", json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(report.number("right", 0, 1)).isBetween(0.001, 0.999);
  }

  @Test
  void aSheetShowsPicturesAndQuestions(@TempDir Path folder) throws IOException {
    var file = folder.resolve("sheet.png");
    var run =
        Run.of("nano", "draw", "--sheet", file.toString(), "--count", "3", "--kinds", "shapes");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(900);
  }

  @Test
  void aVocabularyHasTheSizeThatWasAskedFor(@TempDir Path folder) {
    var data = folder.resolve("data").toString();
    Run.of(
        "nano", "draw", "--out", data, "--count", "60", "--kinds", "text,shapes", "--level", "1");
    var out = folder.resolve("out").toString();
    var run = Run.of("nano", "vocabulary", "--data", data, "--size", "330", "--out", out);
    assertThat(run.out()).contains("330 tokens");
    var shown = Run.of("tokenize", "--model", out, "--text", "a square");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
  }

  @Test
  void whatMakesNoSenseIsRefused(@TempDir Path folder) {
    var out = folder.toString();
    assertThat(Run.of("nano", "draw").err()).contains("--out").contains("--sheet");
    assertThat(Run.of("nano", "draw", "--sheet", out, "--side", "64").err()).contains("--out");
    assertThat(Run.of("nano", "draw", "--out", out, "--apart", "0").err()).contains("--apart");
    assertThat(Run.of("nano", "draw", "--out", out, "--side", "9999").err()).contains("4096");
    assertThat(Run.of("nano", "draw", "--out", out, "--grid", "65").err())
        .contains("--grid must be from 1 to 64");
    assertThat(Run.of("nano", "draw", "--out", out, "--kinds", "maps").err())
        .contains("'maps' is none of bar, line");
    assertThat(Run.of("nano", "draw", "--out", out, "--level", "4").err()).contains("1, 2, 3");
    assertThat(Run.of("nano", "draw", "--out", out, "--style", "odd").err()).contains("held-out");
    assertThat(Run.of("nano", "draw", "--out", out, "--squeezed").err()).contains("--sheet");
    assertThat(Run.of("nano", "draw", "--out", out, "--count", "0").err()).contains("at least 1");
    assertThat(Run.of("nano", "vocabulary", "--data", out, "--out", out, "--size", "99").err())
        .contains("--size must be from 263");
    var run = Run.of("nano", "questions", "--data", out, "--out", out + "/q");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("data.jsonl is not there");
  }
}
