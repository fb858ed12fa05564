package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinetuneCommandTest {
  @TempDir private Path folder;
  private String data = "";
  private String out = "";

  @BeforeEach
  void writeData() throws IOException {
    var line =
        """
        {"image": "%s", "conversations": [{"from": "human", "value": "What is it?"}, {"from": "assistant", "value": "A cat."}]}
        """
            .formatted(Samples.CAT);
    data = Files.writeString(folder.resolve("train.jsonl"), line.repeat(4)).toString();
    out = folder.resolve("run").toString();
  }

  private Run finetune(String... more) {
    var args =
        new ArrayList<>(
            List.of("finetune", "--model", Samples.MODEL, "--data", data, "--out", out));
    args.addAll(List.of("per_device_train_batch_size=2", "warmup_steps=0", "logging_steps=1"));
    args.addAll(List.of(more));
    return Run.of(args.toArray(String[]::new));
  }

  @Test
  void aModelIsTaughtAndCanBeAsked() {
    var run = finetune("bf16=false");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains(" numbers learn", " of memory", "step 2/2, epoch 1.000, loss ", "saved " + out)
        .contains("try it: plm generate --model ");
    var result = run.out().strip();
    var answer =
        Run.of("generate", "--model", result, "--image", Samples.CAT, "--prompt", "What is it?");
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(Path.of(out)).isDirectoryContaining("glob:**/metrics.jsonl");
    assertThat(Path.of(out, "loss.png")).exists();
    assertThat(Path.of(out, "checkpoint-2")).isDirectory();
  }

  @Test
  void onATerminalThereIsABar() {
    var run =
        Run.with(
            120,
            "",
            "finetune",
            "--model",
            Samples.MODEL,
            "--data",
            data,
            "--out",
            out,
            "max_steps=2",
            "warmup_steps=0",
            "per_device_train_batch_size=1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("[############............] 1/2, loss ", " tokens/s, ");
  }

  @Test
  void allSettingsAreShown() {
    var run = finetune("--print-config", "--lora", "adapter.r=16", "learning_rate=2e-5");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("learning_rate: 0.00002\n", "  r: 16\n", "  mode: lora\n", "output_dir: ")
        .contains("per_device_train_batch_size: 2\n");
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void theFileHoldsWhereTheCommandLineSaysNothing() throws IOException {
    var config =
        Files.writeString(
            folder.resolve("run.yaml"),
            "model: nowhere\ndata: %s\nlearning_rate: 3e-5\ndataloader_pin_memory: false\n"
                .formatted(data));
    var run = Run.of("finetune", "--config", config.toString(), "--model", "m", "--print-config");
    assertThat(run.out()).contains("model: m\n", "learning_rate: 0.00003\n");
    assertThat(run.err()).contains("run.yaml, line 4: dataloader_pin_memory has no effect");
  }

  @Test
  void thePlanAloneTrainsNothing() {
    var run = finetune("--plan", "--lora");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("numbers learn", "weights", "activations, decoder");
    assertThat(Path.of(out)).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lora --qlora | --lora and --qlora are two ways to learn; name one.",
        "learning_rat=1 | learning_rat is no setting; did you mean learning_rate?",
        "per_device_train_batch_size=1000000 | more than the",
        "data.labels=none | the command line: data.labels is none; wanted one of",
      })
  void mistakesAreTold(String options, String message) {
    var run = finetune(options.split(" "));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(message).doesNotContain("Exception");
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void aRunInAFolderWithARunGoesOnOnlyIfAsked() {
    assertThat(finetune("max_steps=1").exitCode()).isZero();
    assertThat(finetune("max_steps=2").err()).contains("resume_from_checkpoint=true goes on");
    var resumed = finetune("max_steps=2", "--resume");
    assertThat(resumed.err()).contains("going on with step 2 of 2", "saved " + out);
  }

  @Test
  void aSignalSavesAndEndsWithItsCode() throws Exception {
    var process = start();
    waitForStep(process);
    kill(process, "-TERM");
    var rest = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(rest).isEqualTo(143);
    assertThat(rest).contains("stopping after this step", "with --resume goes on from " + out);
    assertThat(Path.of(out)).isDirectoryContaining("glob:**/checkpoint-*");
  }

  private Process start() throws IOException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agentlib"))
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.plm4j.cli.Main"));
    line.addAll(List.of("finetune", "--model", Samples.MODEL, "--data", data, "--out", out));
    line.addAll(List.of("max_steps=1000000", "logging_steps=1", "save_strategy=no"));
    return new ProcessBuilder(line).start();
  }

  private static void waitForStep(Process process) throws IOException {
    var read = new StringBuilder();
    int next = 0;
    while (next >= 0 && !read.toString().contains("step 3/")) {
      next = process.getErrorStream().read();
      read.append((char) next);
    }
    assertThat(next).as(read.toString()).isNotNegative();
  }

  private static void kill(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }
}
