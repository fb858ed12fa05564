package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class BenchGridTest {
  @TempDir private Path folder;

  @Test
  void allCombinationsAreMeasuredALineEach() {
    var run =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--runs",
            "1",
            "--new-tokens",
            "2",
            "--tiles",
            "0,2",
            "--prompt-tokens",
            "100,150",
            "--threads",
            "1,2",
            "--dtype",
            "f32,bf16",
            "--json");
    assertThat(run.err()).isEmpty();
    var results = new JsonMapper().readTree(run.out()).get("results");
    assertThat(results).hasSize(16);
    assertThat(results.findValuesAsString("dtype")).containsOnly("f32", "bf16");
    assertThat(results.findValues("threads"))
        .extracting(node -> node.intValue())
        .containsOnly(1, 2);
    assertThat(results.findValues("prompt_tokens"))
        .extracting(node -> node.intValue())
        .containsOnly(100, 112, 150, 162);
  }

  @Test
  void severalMeasurementsAreATable() {
    var run =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--runs",
            "1",
            "--new-tokens",
            "2",
            "--tiles",
            "0,2",
            "--threads",
            "1");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).hasSize(6);
    assertThat(run.out()).contains("GFLOP/s", "tokens/s", "best of 1 runs each", "peak memory");
  }

  @Test
  void thePlotShowsPhasesUnderTheMachinesLimits() throws Exception {
    var plot = folder.resolve("roofline.png");
    var run =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--runs",
            "1",
            "--new-tokens",
            "2",
            "--threads",
            "1",
            "--plot",
            plot.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("% of what is possible", "reads memory at");
    assertThat(Files.exists(plot)).isTrue();
    assertThat(ImageIO.read(plot.toFile()).getWidth()).isEqualTo(1100);
  }

  @Test
  void limitsNeedNoModel() {
    var run = Run.of("bench", "--limits", "--threads", "1", "--json");
    assertThat(run.err()).isEmpty();
    var limit = new JsonMapper().readTree(run.out()).get("limits").get(0);
    assertThat(limit.get("read_gb_per_second").doubleValue()).isPositive();
    assertThat(limit.get("f32_gflop_per_second").doubleValue()).isPositive();
    assertThat(limit.get("bf16_gflop_per_second").doubleValue()).isPositive();
  }

  @Test
  void theRoofIsASlopeAndALevel() {
    var limits = new MachineLimits(2, 20, 100, 400);
    assertThat(limits.roof(DType.F32, 1)).isEqualTo(20);
    assertThat(limits.roof(DType.F32, 100)).isEqualTo(100);
    assertThat(limits.roof(DType.BF16, 10)).isEqualTo(200);
    var reached = new BenchCell.Reached("decode", 4e9, 2e9, 0.5);
    assertThat(reached.gigaflops()).isCloseTo(8, within(1e-9));
    assertThat(reached.gigabytes()).isCloseTo(4, within(1e-9));
    assertThat(reached.intensity()).isCloseTo(2, within(1e-9));
  }

  @Test
  void ofAModelInSeveralFormatsNoBytesAreTold() {
    var run =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--quantize",
            "int8",
            "--tiles",
            "0",
            "--new-tokens",
            "2",
            "--runs",
            "1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("language=int8,head=int8", "decode reached", "GFLOP/s")
        .doesNotContain("GB/s");
  }

  @Test
  void numbersThatMeanNothingAreRefused() {
    for (var args : List.of(List.of("--tiles", "1,-1"), List.of("--threads", "0,1"))) {
      var line = new java.util.ArrayList<>(List.of("bench", "--model", Samples.MODEL));
      line.addAll(args);
      assertThat(Run.of(line.toArray(String[]::new)).exitCode()).isEqualTo(2);
    }
  }
}
