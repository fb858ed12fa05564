package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  @TempDir private Path folder;

  private Run train(String... more) throws IOException {
    return train(Map.of(), more);
  }

  private Run train(Map<String, String> environment, String... more) throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"),
        """
        {"image": "%s", "conversations": [{"from": "human", "value": "Hm?"}, {"from": "assistant", "value": "A cat."}]}
        {"image": "missing.png", "conversations": [{"from": "human", "value": "Hm?"}, {"from": "assistant", "value": "A cat."}]}
        """
            .formatted(Samples.CAT));
    var data =
        Files.writeString(folder.resolve("datasets.yaml"), "cats: {annotation: rows.jsonl}\n");
    var args =
        new ArrayList<>(
            List.of(
                "train",
                "--model",
                Samples.MODEL,
                "--data",
                data.toString(),
                "--out",
                folder.resolve("out").toString()));
    args.addAll(List.of(more));
    return Run.with(environment, 0, "", args.toArray(String[]::new));
  }

  private static final String[] SHORT = {
    "max_steps=1",
    "per_device_train_batch_size=1",
    "gradient_accumulation_steps=1",
    "bf16=false",
    "threads=1",
    "data.max_length=600"
  };

  private static String[] with(String... more) {
    var all = new ArrayList<>(List.of(SHORT));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aStageThatWillNotFitIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("root/proc"));
    Files.writeString(folder.resolve("root/proc/meminfo"), "MemAvailable: 100000 kB\n");
    var machine = Map.of("TEST_ROOT", folder.resolve("root").toString());
    var run = train(machine, with("--stages", "1"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("102 MB");
    assertThat(folder.resolve("out/stage-1")).doesNotExist();
    assertThat(train(machine, with("--stages", "1", "--no-memory-check")).exitCode()).isZero();
  }

  @Test
  void stagesFollowEachOtherAndTheResultIsPrinted() throws IOException {
    var own =
        Files.writeString(
            folder.resolve("own.yaml"), "stage: {number: 2, datamix: \"cats:1\"}\nseed: 3\n");
    var run = train(with("--stages", "1,2", "--config", own.toString()));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(folder.resolve("out/stage-2/model") + "\n");
    assertThat(run.err()).contains("stage 1, from ", "stage 1 is finished", "stage 2, from ");
    assertThat(run.err()).contains(" numbers learn", " of memory");
    assertThat(folder.resolve("out/stage-2.yaml")).content().contains("seed: 3", "weight: 1");
    assertThat(folder.resolve("out/stage-1.yaml")).content().contains("seed: 777");
    assertThat(folder.resolve("out/start-1")).doesNotExist();
    var answer =
        Run.of(
            "generate",
            "--model",
            run.out().strip(),
            "--image",
            Samples.CAT,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "2");
    assertThat(answer.exitCode()).as(answer.err()).isZero();

    var again = train(with("--stages", "1,2", "--config", own.toString()));
    assertThat(again.out()).isEqualTo(run.out());
    assertThat(again.err()).doesNotContain("from ").contains("stage 2 is finished");
  }

  @Test
  void settingsCanBeLookedAt() throws IOException {
    var run = train("--print-config", "--size", "8b");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("# the published 8b/stage-1.yaml", "learning_rate: 1", "max_steps: 21000")
        .contains("stage-2/model");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "--stages 4, there are stages 1 2 and 3",
    "--size 2b, is not 1b 3b or 8b",
    "--stages 1 max_step=3, max_step",
    "--stages 1 --config none.yaml, is not there",
  })
  void mistakesAreExplained(String options, String explanation) throws IOException {
    var run = train(options.split(" "));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err().replace(",", "")).contains(explanation);
  }
}
