package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssembleCommandTest {
  private static final String SHAPE =
      """
      image_size: 56
      vision: {width: 32, depth: 1, heads: 2}
      text: {hidden: 32, inner: 64, layers: 1, heads: 2}
      """;

  @TempDir private Path folder;

  private String shape() throws IOException {
    return Files.writeString(folder.resolve("shape.yaml"), SHAPE).toString();
  }

  private Run assemble(String... more) {
    var args = new ArrayList<>(List.of("assemble", "--out", folder.resolve("out").toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(String[]::new));
  }

  private void assertAnswers() {
    var out = folder.resolve("out").toString();
    var answer =
        Run.of(
            "generate",
            "--model",
            out,
            "--image",
            Samples.CAT,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "2");
    assertThat(answer.exitCode()).as(answer.err()).isZero();
  }

  @Test
  void aModelFromNothingAnswers() throws IOException {
    var run = assemble("--from-scratch", shape(), "--tokenizer", Samples.MODEL, "--dtype", "f32");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).matches("\\S+out: \\d+ tensors, [\\d,]+ parameters\n");
    assertThat(run.err()).isEmpty();
    var out = folder.resolve("out").toString();
    assertThat(Run.of("inspect", out).out()).contains("complete    yes");
    assertAnswers();
  }

  @Test
  void aModelForLargerTilesAnswers() {
    var run = assemble("--resize", Samples.MODEL, "--image-size", "112", "--dtype", "f32");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertAnswers();
  }

  @Test
  void aModelWithMoreLayersAnswers() {
    var run = assemble("--resize", Samples.MODEL, "--layers", "3", "--dtype", "f32");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertAnswers();
  }

  @Test
  void aQuantisedModelIsNotResized() {
    var small = folder.resolve("small").toString();
    var made = Run.of("quantize", "--model", Samples.MODEL, "--format", "int8", "--out", small);
    assertThat(made.exitCode()).as(made.err()).isZero();
    var run = assemble("--resize", small, "--image-size", "112");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("is quantised");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void twoCheckpointsBecomeOneAndWhatWasChosenIsSaid() throws IOException {
    var llama = Files.createDirectory(folder.resolve("llama"));
    var original = Path.of(OriginalSamples.ORIGINAL);
    for (var name : List.of("consolidated.pth", "tokenizer.model", "params.json")) {
      Files.copy(original.resolve(name), llama.resolve(name));
    }
    // A whole model in Meta's layout holds a Llama, and an encoder too.
    var run =
        assemble(
            "--llama",
            llama.toString(),
            "--encoder",
            original.resolve("consolidated.pth").toString(),
            "--image-size",
            "56",
            "--encoder-heads",
            "2",
            "--rope-factor",
            "1",
            "--max-positions",
            "512",
            "--pooling",
            "4",
            "--max-tiles",
            "4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("tensors beside the tower", "not scaled");
    assertThat(Run.of("inspect", folder.resolve("out").toString()).out())
        .contains("512 positions", "at most 4 tiles");
  }

  @ParameterizedTest
  @CsvSource({
    "'', Of what? Give --llama MODEL and --encoder FILE",
    "--llama x, Of what?",
    "--from-scratch SHAPE, --from-scratch needs --tokenizer",
    "--from-scratch SHAPE --tokenizer x --blocks 3, takes its shape from",
    "--llama x --encoder y --tokenizer z, --tokenizer has no effect",
    "--llama MODEL --encoder y --rope-factor 0.5, --rope-factor must be 1 to",
    "--llama MODEL --encoder y --blocks 0, --blocks must be at least 1",
    "--llama MODEL --encoder y, model_type",
    "--dtype int8 --llama MODEL, not f32",
    "--resize MODEL, --resize needs --image-size",
    "--resize MODEL --position-waves 0, --position-waves must be more than 0",
    "--llama MODEL --encoder y --position-waves 1, are for --resize",
    "--llama MODEL --encoder y --layers 5, are for --resize",
    "--resize MODEL --layers 1, cannot have 1",
    "--resize MODEL --kv-heads 3, it can have a multiple",
    "--resize MODEL --image-size 0, --image-size must be at least 1",
    "--resize MODEL --image-size 56 --seed 1, --seed has no effect with --resize",
    "--resize MODEL --image-size 57, cannot have tiles of 57 pixels",
    "--resize MODEL --image-size 56 --blocks 1, --layers and --kv-heads may be chosen",
    "--resize MODEL --pooling 3, and a pooling of 3",
    "--resize MODEL --from-scratch SHAPE, --resize takes all from",
    "--resize /no/such --image-size 56, does not exist",
  })
  void mistakesAreExplained(String options, String explanation) throws IOException {
    var shape = shape();
    var words =
        List.of(options.strip().split(" ")).stream()
            .filter(word -> !word.isEmpty())
            .map(word -> word.equals("SHAPE") ? shape : word.equals("MODEL") ? Samples.MODEL : word)
            .toArray(String[]::new);
    var run = assemble(words);
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(explanation).hasLineCount(run.err().contains("--help") ? 2 : 1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anInterruptLeavesNothing() throws IOException {
    var err = new ByteArrayOutputStream();
    var interrupt = new Interrupt();
    interrupt.request();
    int code =
        CommandLineRunner.run(
            Run.context(0, "", new ByteArrayOutputStream(), err, interrupt),
            "assemble",
            "--from-scratch",
            shape(),
            "--tokenizer",
            Samples.MODEL,
            "--out",
            folder.resolve("out").toString());
    assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("nothing was kept");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
