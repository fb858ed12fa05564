package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeCommandTest {
  @TempDir private Path folder;

  @Test
  void aMergedModelAnswersAsOneWithItsAdapter() {
    var out = folder.resolve("out").toString();
    var run =
        Run.of("merge", "--model", Samples.MODEL, "--adapter", AdapterSamples.LORA, "--out", out);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith(out + ": 57 tensors, ").endsWith("layers changed\n");
    assertThat(run.err()).isEmpty();

    var plain = answer(Samples.MODEL);
    var unmerged = answer(Samples.MODEL, "--adapter", AdapterSamples.LORA);
    assertThat(unmerged).isNotEqualTo(plain);
    assertThat(answer(out)).isEqualTo(unmerged);
    assertThat(
            answer(
                Samples.MODEL,
                "--adapter",
                AdapterSamples.LORA + "=first",
                "--adapter",
                AdapterSamples.LORA + "=second"))
        .isNotEqualTo(unmerged);
  }

  private static String answer(String model, String... more) {
    var args =
        new ArrayList<>(
            List.of("generate", "--model", model, "--prompt", "Hi", "--max-new-tokens", "9"));
    args.addAll(List.of(more));
    var run = Run.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | No adapter: name one with --adapter FOLDER",
        "--adapter nowhere | nowhere/adapter_config.json is not there",
        "--adapter LORA --adapter LORA | two are called lora",
        "--adapter LORA= | the name is empty",
        "--adapter LORA --dtype f8 | is not f32, bf16 or f16"
      })
  void mistakesAreSaidWithoutATrace(String options, String message) {
    var args =
        new ArrayList<>(
            List.of("merge", "--model", Samples.MODEL, "--out", folder.resolve("out").toString()));
    if (!options.isEmpty()) {
      args.addAll(List.of(options.replace("LORA", AdapterSamples.LORA).split(" ")));
    }
    var run = Run.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).startsWith("plm: ").contains(message).doesNotContain("\tat ");
    assertThat(folder).isEmptyDirectory();
  }
}
