package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ConvertCommandTest {
  @TempDir private Path folder;

  @Test
  void bothWaysAreSaidInOneLine() {
    var out = folder.resolve("out").toString();
    var run =
        Run.of("convert", "--model", OriginalSamples.CONVERTED, "--to", "original", "--out", out);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith(out + ": 57 tensors, ").endsWith("\n").hasLineCount(1);
    assertThat(run.err()).isEmpty();
    assertThat(Run.of("inspect", out).out()).contains("layout      Meta's original", "complete");
  }

  @Test
  void bothLayoutsAnswerAlike() {
    var answers =
        java.util.stream.Stream.of(OriginalSamples.ORIGINAL, OriginalSamples.CONVERTED)
            .map(model ->
                Run.of("generate", "--model", model, "--prompt", "Hi", "--max-new-tokens", "9"))
            .toList();
    assertThat(answers.getFirst().exitCode()).isZero();
    assertThat(answers.getFirst().out()).isNotBlank().isEqualTo(answers.getLast().out());
  }

  @Test
  void progressIsShownOnATerminalAndTakenAway() {
    var run =
        Run.with(
            80,
            "",
            "convert",
            "--model",
            OriginalSamples.ORIGINAL,
            "--to",
            "hf",
            "--shard-size",
            "100kB",
            "--out",
            folder.resolve("out").toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("converting ", " 100 %").endsWith("\r\u001b[K");
    assertThat(folder.resolve("out/model.safetensors.index.json")).exists();
  }

  @Test
  void anInterruptEndsItWithCode130AndLeavesNothing() throws Exception {
    var err = new ByteArrayOutputStream();
    var interrupt = new Interrupt();
    interrupt.request();
    int code =
        CommandLineRunner.run(
            Run.context(0, "", new ByteArrayOutputStream(), err, interrupt),
            "convert",
            "--model",
            OriginalSamples.ORIGINAL,
            "--to",
            "hf",
            "--out",
            folder.resolve("out").toString());
    assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("interrupted; nothing was kept");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "--to pth, neither hf nor original",
    "--to original --shard-size 1GB, --shard-size has no effect",
    "--to hf --shard-size 0GB, no size that a file could have",
    "--to hf --shard-size 5XB, no size such as 5GB",
    "--to hf --dtype int8, 'is not f32, bf16 or f16'",
    "--to original, in the wanted layout already",
  })
  void mistakesAreExplained(String options, String explanation) {
    var args = new java.util.ArrayList<>(java.util.List.of("convert", "--model"));
    args.add(OriginalSamples.ORIGINAL);
    args.addAll(java.util.List.of("--out", folder.resolve("out").toString()));
    args.addAll(java.util.List.of(options.split(" ")));
    var run = Run.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(explanation);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsLeftOutIsSaid() throws Exception {
    var model = Files.createDirectory(folder.resolve("model"));
    try (var files = Files.list(Path.of(OriginalSamples.ORIGINAL))) {
      for (var file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    var params = model.resolve("params.json");
    Files.writeString(
        params,
        Files.readString(params)
            .replace("\"max_video_frames\": 32", "\"max_video_frames\": 8")
            .replace("\"dim\":", "\"new_trick\": 1, \"dim\":"));
    var run =
        Run.of("convert", "--model", model + "", "--to", "hf", "--out", folder.resolve("o") + "");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("params.json: model.new_trick has no place");
    assertThat(folder.resolve("o/video_preprocessor_config.json"))
        .content()
        .contains("\"num_frames\": 8");
  }

  @Test
  void aHostilePickleIsRefusedByInspectToo() throws Exception {
    var model = Files.createDirectory(folder.resolve("model"));
    Files.copy(Path.of(OriginalSamples.ORIGINAL, "params.json"), model.resolve("params.json"));
    Files.writeString(model.resolve("consolidated.pth"), "PK nothing");
    var json = Run.of("inspect", "--json", model.toString());
    assertThat(json.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(new JsonMapper().readTree(json.out()).get("problems").toString())
        .contains("consolidated.pth is cut", "tokenizer.model");
  }
}
