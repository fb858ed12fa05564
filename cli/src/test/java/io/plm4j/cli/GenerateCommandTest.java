package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateCommandTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  private static JsonNode json(String... args) {
    var line = new String[args.length + 4];
    line[0] = "generate";
    line[1] = "--json";
    line[2] = "--model";
    line[3] = Samples.MODEL;
    System.arraycopy(args, 0, line, 4, args.length);
    var run = Run.of(line);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return MAPPER.readTree(run.out());
  }

  @Test
  void theAnswerGoesToStandardOutputAndNothingElseIsSaid() {
    var run =
        Run.of(
            "generate",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--prompt",
            "What is this?",
            "--max-new-tokens",
            "6");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).hasSizeGreaterThan(1).endsWith("\n");
  }

  @Test
  void jsonHoldsExactlyTheDocumentedKeys() {
    var json = json("--image", Samples.CAT, "--prompt", "What is this?", "--max-new-tokens", "6");
    assertThat(json.propertyNames())
        .containsExactly(
            "text",
            "tokens",
            "prompt_tokens",
            "reused_tokens",
            "finish_reason",
            "guessed_tokens",
            "guessed_right",
            "timings",
            "first_logits_top5");
    assertThat(json.get("timings").propertyNames())
        .containsExactly("load", "preprocess", "vision", "prefill", "decode");
    assertThat(json.get("tokens").size()).isEqualTo(6);
    assertThat(json.get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(json.get("first_logits_top5").size()).isEqualTo(5);
    var best = json.get("first_logits_top5").get(0);
    assertThat(best.get(0).intValue()).isEqualTo(json.get("tokens").get(0).intValue());
    assertThat(best.get(1).isNumber()).isTrue();
    json.get("timings").forEach(seconds -> assertThat(seconds.doubleValue()).isPositive());
  }

  @Test
  void twoPicturesGiveTwoAnswers() {
    var cat = json("--image", Samples.CAT, "--prompt", "What is this?", "--max-new-tokens", "6");
    var dog = json("--image", Samples.DOG, "--prompt", "What is this?", "--max-new-tokens", "6");
    assertThat(cat.get("first_logits_top5")).isNotEqualTo(dog.get("first_logits_top5"));
  }

  @Test
  void picturesOptionsChangeTheNumberOfTokens() {
    int whole =
        json(
                "--image",
                Samples.CAT,
                "--vision-input-type",
                "vanilla",
                "--prompt",
                "x",
                "--max-new-tokens",
                "1")
            .get("prompt_tokens")
            .intValue();
    int tiles =
        json(
                "--image",
                Samples.CAT,
                "--max-num-tiles",
                "2",
                "--prompt",
                "x",
                "--max-new-tokens",
                "1")
            .get("prompt_tokens")
            .intValue();
    // 4 tokens a tile: one tile, against the whole picture and two tiles.
    assertThat(tiles - whole).isEqualTo(2 * 4);
  }

  @Test
  void aSeedRepeatsItsDrawsAndAnotherSeedGivesOthers() {
    String[] args = {
      "--prompt", "Hi", "--temperature", "2", "--max-new-tokens", "12", "--seed", "1"
    };
    var first = json(args).get("tokens");
    assertThat(json(args).get("tokens")).isEqualTo(first);
    args[7] = "2";
    assertThat(json(args).get("tokens")).isNotEqualTo(first);
  }

  @Test
  void stopStringsEndTheAnswerBeforeThem() {
    var whole = json("--prompt", "Hi", "--max-new-tokens", "12").get("text").stringValue();
    var stop = whole.substring(3, 5);
    var cut = json("--prompt", "Hi", "--max-new-tokens", "12", "--stop", stop);
    assertThat(cut.get("finish_reason").stringValue()).isEqualTo("stop_string");
    assertThat(cut.get("text").stringValue()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @Test
  void thePromptMayComeFromStandardInput() {
    var typed = json("--prompt", "wörld 日本", "--max-new-tokens", "4").get("tokens");
    var run =
        Run.withInput(
            "wörld 日本\n",
            "generate",
            "--json",
            "--model",
            Samples.MODEL,
            "--prompt",
            "-",
            "--max-new-tokens",
            "4");
    assertThat(MAPPER.readTree(run.out()).get("tokens")).isEqualTo(typed);
  }

  @Test
  void aConversationWithOneTurnIsAPrompt() {
    var prompt = json("--image", Samples.CAT, "--prompt", "Hi", "--max-new-tokens", "4");
    var run =
        Run.withInput(
            """
            [{"role": "user", "content": [{"type": "image", "path": "%s"}, {"type": "text", "text": "Hi"}]}]
            """
                .formatted(Samples.CAT),
            "generate",
            "--json",
            "--model",
            Samples.MODEL,
            "--conversation",
            "-",
            "--max-new-tokens",
            "4");
    assertThat(run.err()).isEmpty();
    assertThat(MAPPER.readTree(run.out()).get("tokens")).isEqualTo(prompt.get("tokens"));
  }

  @Test
  void statsNameEveryPhaseOnStandardError() {
    var run =
        Run.of(
            "generate",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "4",
            "--stats");
    assertThat(run.err())
        .contains("load ", "preprocess ", "vision ", "prefill ", "decode ", "4 tokens")
        .contains("greedy", "length");
    assertThat(run.out()).doesNotContain("prefill");
  }

  @Test
  void aCheckpointThatAsksForSamplingGetsItAndStatsSaySo(@TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    Files.writeString(
        model.resolve("generation_config.json"),
        """
        {"eos_token_id": [704, 712], "do_sample": true, "temperature": 0.6, "top_p": 0.9}
        """);
    String[] args = {
      "generate", "--model", model.toString(), "--prompt", "Hi", "--max-new-tokens", "2", "--stats"
    };
    assertThat(Run.of(args).err())
        .contains("temperature 0.6, top-k 50, top-p 0.9, min-p 0.0, seed 4711")
        .contains("the checkpoint's generation_config.json asks for sampling");
  }

  @Test
  void whatTheCheckpointSaysAndIsNotObeyedIsAWarning(@TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    Files.writeString(
        model.resolve("generation_config.json"),
        """
        {"eos_token_id": [704, 712], "do_sample": false, "num_beams": 4}
        """);
    var run =
        Run.of("generate", "--model", model.toString(), "--prompt", "Hi", "--max-new-tokens", "2");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .isEqualTo("plm: warning: generation_config.json: num_beams is unknown and not obeyed\n");
  }

  @Test
  void progressOnATerminalFitsItAndIsTakenAway() {
    var run =
        Run.with(
            20,
            "",
            "generate",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "2");
    var shown = run.err().split("\r\u001b\\[K", -1);
    assertThat(shown).contains("loading model").allMatch(line -> line.length() < 20);
    assertThat(shown[shown.length - 1]).isEmpty();
    assertThat(run.err()).doesNotContain("\n");
  }

  @Test
  void ctrlCEndsTheAnswerAndKeepsWhatWasWritten() {
    var interrupt = new Interrupt();
    var out =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            if (length > 0 && !interrupt.requested()) {
              new Thread(interrupt::request).start();
              while (!interrupt.requested()) {
                Thread.onSpinWait();
              }
            }
          }
        };
    int code =
        CommandLineRunner.run(
            Run.context(0, "", out, new ByteArrayOutputStream(), interrupt),
            "generate",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "500");
    assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isNotBlank()
        .endsWith("\n")
        .hasSizeLessThan(100);
  }

  @Test
  void aReaderThatHasGoneEndsItQuietly() {
    var closed =
        new java.io.OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var err = new ByteArrayOutputStream();
    int code =
        CommandLineRunner.run(
            Run.context(0, "", closed, err, new Interrupt()),
            "generate",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi");
    assertThat(code).isEqualTo(ExitCode.READER_GONE);
    assertThat(err.size()).isZero();
  }
}
