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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class QuantizeCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"int8", "language=int4:64,vision=int8,projector=nf4"})
  void aQuantisedFolderAnswersAsTheModelQuantisedWhileLoading(String formats) {
    var out = quantize(formats);
    assertThat(answer(out, "--image", Samples.CAT))
        .isEqualTo(answer(Samples.MODEL, "--image", Samples.CAT, "--quantize", formats));
    assertThat(answer(out, "--image", Samples.CAT))
        .isNotEqualTo(answer(out, "--image", Samples.DOG));
  }

  private String quantize(String formats) {
    var out = folder.resolve("out").toString();
    var run = Run.of("quantize", "--model", Samples.MODEL, "--format", formats, "--out", out);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith(out + ": ").contains("weights moved by ");
    assertThat(run.err()).isEmpty();
    return out;
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

  /// However often the requests are answered for it, the same codes are chosen, and others than the
  /// nearest.
  @Test
  void codesAreChosenByWhatIsAsked() throws IOException {
    var requests = folder.resolve("requests.jsonl");
    Files.writeString(
        requests,
        "{\"prompt\": \"What is this?\", \"image\": \"%s\"}\n{\"prompt\": \"Hi\"}\n"
            .formatted(Samples.CAT));
    var names = List.of("plain", "once", "often");
    var more =
        List.of(
            List.<String>of(),
            List.of("--calibrate", requests.toString(), "--max-new-tokens", "4"),
            List.of(
                "--calibrate",
                requests.toString(),
                "--max-new-tokens",
                "4",
                "--calibration-memory",
                "100KB"));
    for (int i = 0; i < names.size(); i++) {
      var args = new ArrayList<>(List.of("quantize", "--model", Samples.MODEL));
      args.addAll(List.of("--format", "language=int4,vision=int4"));
      args.addAll(List.of("--out", folder.resolve(names.get(i)).toString()));
      args.addAll(more.get(i));
      var run = Run.of(args.toArray(String[]::new));
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    var once = folder.resolve("once/model.safetensors");
    assertThat(Files.mismatch(once, folder.resolve("often/model.safetensors"))).isEqualTo(-1);
    assertThat(Files.mismatch(once, folder.resolve("plain/model.safetensors"))).isNotEqualTo(-1);
    assertThat(answer(folder.resolve("once").toString())).isNotBlank();
  }

  @Test
  void anAdapterGoesOnAQuantisedModelAndMergesWithIt() {
    var out = quantize("int8");
    var adapted = answer(out, "--adapter", AdapterSamples.LORA);
    assertThat(adapted).isNotEqualTo(answer(out));
    var merged = folder.resolve("merged").toString();
    var run = Run.of("merge", "--model", out, "--adapter", AdapterSamples.LORA, "--out", merged);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Run.of("inspect", merged).out())
        .contains("57 tensors of F32")
        .doesNotContain("int8");
  }

  @Test
  void inspectionSaysWhatIsQuantised() {
    var out = quantize("int4:64");
    var run = Run.of("inspect", out);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("14 in int4:64, 1 in int8", "complete    yes");
    var json = new JsonMapper().readTree(Run.of("inspect", "--json", out).out());
    assertThat(json.get("quantized").get("int4:64").intValue()).isEqualTo(14);
  }

  @Test
  void comparingGivesALineAModel() throws IOException {
    var out = quantize("int8");
    var requests = folder.resolve("requests.jsonl");
    Files.writeString(
        requests,
        "{\"prompt\": \"Hi\"}\n{\"prompt\": \"What?\", \"image\": \"%s\"}\n"
            .formatted(Samples.CAT));
    var run =
        Run.of(
            "compare",
            "--model",
            Samples.MODEL,
            "--quantize",
            "int8",
            "--quantize",
            "nf4",
            "--against",
            out,
            "--batch",
            requests.toString(),
            "--max-new-tokens",
            "6",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    var lines = run.out().lines().map(new JsonMapper()::readTree).toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst().get("mean_kl").doubleValue()).isZero();
    double int8 = lines.get(1).get("mean_kl").doubleValue();
    assertThat(int8).isPositive();
    assertThat(lines.get(2).get("mean_kl").doubleValue()).isGreaterThan(int8);
    assertThat(lines.get(3).get("mean_kl").doubleValue()).isEqualTo(int8);
    assertThat(lines.get(1).get("weight_bytes").longValue())
        .isEqualTo(lines.get(3).get("weight_bytes").longValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quantize --format int9 --out x | \"int9\" is no format",
        "quantize --format int8 | Missing required option: '--out=FOLDER'",
        "quantize --format int8 --out x --calibrate none.jsonl | choose codes of int4 only",
        "quantize --format int4 --out x --calibrate none.jsonl | none.jsonl cannot be read",
        "quantize --format int4 --out x --max-new-tokens 3 | --max-new-tokens belongs to --calibrate",
        "quantize --format int4 --out x --max-num-tiles 4 | --max-num-tiles belongs to --calibrate",
        "compare --batch none.jsonl | name formats with --quantize",
        "compare --batch none.jsonl --quantize int8 | none.jsonl cannot be read",
        "generate --prompt Hi --quantize ears=int8 | \"ears\" is no part of a model"
      })
  void mistakesAreNamed(String line, String message) {
    var args = new ArrayList<>(List.of(line.strip().split(" ")));
    args.addAll(List.of("--model", Samples.MODEL));
    var run = Run.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(message);
  }

  @Test
  void aQuantisedFolderIsNotQuantisedWhileLoading() {
    var run =
        Run.of("generate", "--model", quantize("int8"), "--prompt", "Hi", "--quantize", "int8");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("is quantised already");
  }
}
