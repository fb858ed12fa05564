package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFlagsTest {
  @TempDir Path folder;

  private Run generate(String... more) {
    var args =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                Samples.MODEL,
                "--image",
                Samples.CAT,
                "--prompt",
                "What is this?",
                "--max-new-tokens",
                "6"));
    args.addAll(List.of(more));
    return Run.of(args.toArray(String[]::new));
  }

  private String cache() {
    return folder.resolve("cache").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"computed", "int8"})
  void anotherRunTakesFromTheFolderAndSaysTheSame(String format) {
    var first = generate("--cache", cache(), "--kv-cache", format, "--stats");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).doesNotContain("from disk");
    var second = generate("--cache", cache(), "--kv-cache", format, "--stats");
    assertThat(second.err()).containsPattern("prefill .*; \\d+ more came from disk");
    assertThat(second.out()).isEqualTo(first.out()).isEqualTo(generate("--kv-cache", format).out());
  }

  @Test
  void whatWasSeenIsTakenBehindOtherWords() {
    generate("--cache", cache());
    assertThat(generate("--cache", cache(), "--system", "Speak.", "--stats").err())
        .containsPattern("vision .*; seen before: 1 from disk");
  }

  @Test
  void chatBatchTaskAndBenchUseTheFolderToo() throws IOException {
    generate("--cache", cache());
    var chat =
        Run.withInput(
            "What is this?\n",
            "chat",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--max-new-tokens",
            "4",
            "--cache",
            cache(),
            "--stats");
    assertThat(chat.err()).contains("more came from disk");

    var requests =
        Files.writeString(
            folder.resolve("requests.jsonl"),
            "{\"image\": \"%s\", \"prompt\": \"What is this?\"}\n".formatted(Samples.CAT));
    var answers = folder.resolve("answers.jsonl");
    var batch =
        Run.of(
            "generate",
            "--model",
            Samples.MODEL,
            "--batch",
            requests.toString(),
            "--out",
            answers.toString(),
            "--cache",
            cache());
    assertThat(batch.exitCode()).as(batch.err()).isZero();
    assertThat(answers).content().doesNotContain("\"reused_tokens\":0,");

    var task =
        Run.of(
            "task",
            "caption",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--cache",
            cache(),
            "--max-new-tokens",
            "2");
    assertThat(task.exitCode()).as(task.err()).isZero();
    var bench =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--runs",
            "1",
            "--new-tokens",
            "2",
            "--cache",
            cache());
    assertThat(bench.exitCode()).as(bench.err()).isZero();
  }

  @Test
  void aDamagedFileIsAWarningAndTheAnswerIsTheSame() throws IOException {
    var first = generate("--cache", cache());
    try (var files = Files.list(Path.of(cache()))) {
      for (var file : files.toList()) {
        Files.writeString(file, "oops");
      }
    }
    var second = generate("--cache", cache());
    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).contains("plm: warning: ").contains("written anew");
  }

  @Test
  void mistakesAreRefused() throws IOException {
    assertRefused(generate("--cache-size", "1GB"), "--cache-size has no effect without --cache");
    assertRefused(generate("--cache", cache(), "--cache-size", "much"), "much");
    assertRefused(generate("--kv-cache", "int4"), "neither computed nor int8");
    var file = Files.createFile(folder.resolve("file")).toString();
    assertRefused(generate("--cache", file), file);
  }

  private static void assertRefused(Run run, String why) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(why);
  }
}
