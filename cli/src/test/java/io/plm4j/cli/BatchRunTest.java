package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `plm generate --batch`.
class BatchRunTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path folder;

  private Path requests = Path.of("");
  private Path answers = Path.of("");

  @BeforeEach
  void name() {
    requests = folder.resolve("requests.jsonl");
    answers = folder.resolve("answers.jsonl");
  }

  private Run batch(String... more) {
    var args =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                Samples.MODEL,
                "--batch",
                requests.toString(),
                "--out",
                answers.toString(),
                "--max-new-tokens",
                "9"));
    args.addAll(List.of(more));
    return Run.of(args.toArray(String[]::new));
  }

  private void write(String... lines) throws IOException {
    Files.write(requests, List.of(lines));
  }

  private List<JsonNode> records() throws IOException {
    return Files.readAllLines(answers).stream()
        .map(MAPPER::readTree)
        .sorted(Comparator.comparingInt(record -> record.get("line").intValue()))
        .toList();
  }

  private String record(int index, String key) throws IOException {
    return records().get(index).path(key).asString();
  }

  @Test
  void everyLineGetsTheAnswerThatItGetsAlone() throws IOException {
    write(
        "{\"id\": \"a\", \"image\": \"%s\", \"prompt\": \"What is this?\"}".formatted(Samples.CAT),
        "{\"id\": 2, \"images\": [\"%s\", \"%s\"], \"prompt\": \"Compare.\", \"max_new_tokens\": 4}"
            .formatted(Samples.CAT, Samples.DOG),
        "",
        "{\"video\": \"%s\", \"prompt\": \"What happens?\", \"system\": \"Be brief.\"}"
            .formatted(Samples.CLIP),
        "{\"conversation\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"temperature\": 0.9, \"seed\": 5}");
    var run = batch("--num-frames", "3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).startsWith("4 answered;");

    assertThat(records()).extracting(r -> r.get("line").intValue()).containsExactly(1, 2, 4, 5);
    assertThat(record(0, "id")).isEqualTo("a");
    assertThat(records().get(1).get("id").intValue()).isEqualTo(2);
    assertThat(records().get(1).get("new_tokens").intValue()).isEqualTo(4);
    assertThat(record(0, "text"))
        .isEqualTo(alone("--image", Samples.CAT, "--prompt", "What is this?"));
    assertThat(record(2, "text"))
        .isEqualTo(
            alone(
                "--video",
                Samples.CLIP,
                "--num-frames",
                "3",
                "--prompt",
                "What happens?",
                "--system",
                "Be brief."));
    assertThat(record(3, "text"))
        .isEqualTo(alone("--prompt", "Hi", "--temperature", "0.9", "--seed", "5"));
  }

  private static String alone(String... args) {
    var line =
        new ArrayList<>(
            List.of("generate", "--model", Samples.MODEL, "--json", "--max-new-tokens", "9"));
    line.addAll(List.of(args));
    var run = Run.of(line.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return MAPPER.readTree(run.out()).get("text").stringValue();
  }

  @Test
  void aBadLineGetsARecordAndTheRestGoesOn() throws IOException {
    write(
        "{\"prompt\": \"One\"}",
        "{\"prompt\": \"Two\", \"image\": \"gone.png\", \"id\": \"x\"}",
        "not json",
        "{\"prompt\": \"Four\", \"colour\": 1}",
        "[]",
        "{\"prompt\": \"Six\", \"max_new_tokens\": 1000000}",
        "{\"prompt\": \"Seven\"}");
    var run = batch();
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("2 answered, 5 failed");
    assertThat(records()).hasSize(7);
    assertThat(record(1, "error")).contains("gone.png");
    assertThat(record(1, "id")).isEqualTo("x");
    assertThat(record(2, "error")).contains("line 3").contains("not valid JSON");
    assertThat(record(3, "error")).contains("colour");
    assertThat(record(5, "error")).contains("positions");
    assertThat(record(6, "text")).isNotEmpty();
  }

  @Test
  void aSecondStartGoesOnWhereTheFirstStopped() throws IOException {
    write("{\"prompt\": \"One\"}", "{\"prompt\": \"Two\"}", "{\"prompt\": \"Three\"}");
    batch();
    var whole = Files.readAllLines(answers);
    // A crash: one answer is there, another one in part.
    Files.writeString(answers, whole.get(1) + "\n" + whole.get(2).substring(0, 20));

    var second = batch();
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.err()).startsWith("2 answered, 1 were there already;");
    assertThat(Files.readAllLines(answers)).containsExactlyInAnyOrderElementsOf(whole);

    var third = batch();
    assertThat(third.err()).startsWith("0 answered, 3 were there already;");
    assertThat(Files.readAllLines(answers)).hasSize(3);
  }

  @Test
  void anAnswerThatWasCutWithinACharacterIsMadeAgain() throws IOException {
    write("{\"prompt\": \"One\"}");
    batch();
    var whole = Files.readString(answers);
    var cut = "{\"line\":2,\"text\":\"\u00e4".getBytes(StandardCharsets.UTF_8);
    Files.write(answers, Arrays.copyOf(cut, cut.length - 1), StandardOpenOption.APPEND);
    assertThat(batch().err()).startsWith("0 answered, 1 were there already;");
    assertThat(Files.readString(answers)).isEqualTo(whole);
  }

  @Test
  void whatAnotherOneIsWritingIsNotTouched() throws IOException {
    write("{\"prompt\": \"One\", \"image\": \"gone.png\"}");
    batch();
    var before = Files.readString(answers);
    try (var channel = FileChannel.open(answers, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      var run = batch();
      assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.err()).contains("is being written by another plm");
    }
    assertThat(Files.readString(answers)).isEqualTo(before);
  }

  @Test
  void aSecondSystemMessageIsRefused() throws IOException {
    write(
        "{\"system\": \"a\", \"conversation\": [{\"role\": \"system\", \"content\": \"b\"}, {\"role\": \"user\", \"content\": \"x\"}]}");
    batch();
    assertThat(record(0, "error")).contains("system message of its own");
  }

  @Test
  void spellingsOfSpecialTokensAreTokensWhereThatIsAskedFor() throws IOException {
    write("{\"prompt\": \"a<|eot_id|>b\"}");
    batch();
    int asText = records().getFirst().get("prompt_tokens").intValue();
    Files.delete(answers);
    batch("--special-tokens");
    assertThat(records().getFirst().get("prompt_tokens").intValue()).isLessThan(asText);
  }

  @Test
  void aLineThatFailedIsTriedAgain() throws IOException {
    var picture = folder.resolve("late.png");
    write("{\"prompt\": \"One\"}", "{\"prompt\": \"Two\", \"image\": \"%s\"}".formatted(picture));
    assertThat(batch().exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    Files.copy(Path.of(Samples.CAT), picture);
    assertThat(batch().exitCode()).isZero();
    assertThat(records()).hasSize(2).allMatch(record -> record.has("text"));
  }

  @Test
  void answersToSomethingElseAreNotTouched() throws IOException {
    write("{\"prompt\": \"One\"}");
    batch();
    var before = Files.readString(answers);
    var otherOptions = batch("--repetition-penalty", "1.2");
    assertThat(otherOptions.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(otherOptions.err()).contains("line 1").contains("--out");
    write("{\"prompt\": \"Uno\"}");
    assertThat(batch().exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Files.readString(answers)).isEqualTo(before);

    Files.writeString(answers, "{\"my\": \"diary\"}");
    assertThat(batch().err()).contains("is no answer of plm");
    assertThat(Files.readString(answers)).isEqualTo("{\"my\": \"diary\"}");

    Files.writeString(answers, "my diary\nof years\n");
    assertThat(batch().err()).contains("is no answer of plm");
    assertThat(Files.readString(answers)).isEqualTo("my diary\nof years\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--prompt=x",
        "--image=x.png",
        "--json",
        "--stats",
        "--timestamps",
        "--parallel=9"
      })
  void optionsThatWouldDoNothingAreRefused(String option) throws IOException {
    write("{\"prompt\": \"One\"}");
    assertThat(batch(option).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answers).doesNotExist();
  }

  @Test
  void answersNeedAFileAndTheFileABatch() {
    assertThat(Run.of("generate", "--model", Samples.MODEL, "--batch", "x").err())
        .contains("--out");
    assertThat(
            Run.of("generate", "--model", Samples.MODEL, "--prompt", "x", "--out", "y").exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(batch().err()).contains("does not exist");
  }
}
