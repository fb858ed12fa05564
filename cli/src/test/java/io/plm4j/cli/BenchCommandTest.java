package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static JsonNode bench(String... args) {
    var line = new String[args.length + 8];
    System.arraycopy(
        new String[] {
          "bench", "--model", Samples.MODEL, "--json", "--runs", "1", "--new-tokens", "2"
        },
        0,
        line,
        0,
        8);
    System.arraycopy(args, 0, line, 8, args.length);
    var run = Run.of(line);
    assertThat(run.err()).isEmpty();
    return new JsonMapper().readTree(run.out());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7})
  void aDrawnPictureHasExactlyTheTilesAskedFor(int tiles) {
    assertThat(bench("--tiles", "" + tiles).get("tiles").intValue()).isEqualTo(1 + tiles);
  }

  @Test
  void thePromptHasTheLengthAskedFor() {
    var json = bench("--tiles", "2", "--prompt-tokens", "150");
    assertThat(json.get("prompt_tokens").intValue()).isEqualTo(150 + 3 * 4);
    assertThat(json.get("decoded_tokens").intValue()).isEqualTo(2);
    var seconds = json.get("seconds");
    assertThat(seconds.propertyNames())
        .containsExactly(
            "load", "preprocess", "vision", "prefill", "vision_and_prefill", "decode_per_token");
    assertThat(seconds.get("decode_per_token").get("best").doubleValue()).isPositive();
  }

  @Test
  void withoutAPictureThereIsNoVision() {
    var json = bench("--tiles", "0");
    assertThat(json.get("tiles").intValue()).isZero();
    assertThat(json.get("seconds").get("vision").get("best").doubleValue()).isZero();
  }

  @Test
  void theTableNamesAllPhases() {
    var run =
        Run.of(
            "bench",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--tiles",
            "2",
            "--runs",
            "1",
            "--new-tokens",
            "2");
    assertThat(run.out())
        .contains(
            "load ", "preprocess ", "vision ", "prefill ", "vision + prefill", "decode, a token");
  }

  @Test
  void aPromptShorterThanTheTemplateIsRefused() {
    var run = Run.of("bench", "--model", Samples.MODEL, "--prompt-tokens", "3");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--prompt-tokens 3", "nearest");
  }
}
