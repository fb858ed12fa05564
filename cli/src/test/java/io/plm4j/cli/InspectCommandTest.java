package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {
  @Test
  void aCompleteModelIsDescribedAndGood() {
    var run = Run.of("inspect", Samples.MODEL);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("57 tensors of F32", "tied head", "at most 148 tokens", "mapped")
        .contains("complete    yes");
  }

  @Test
  void severalFilesAreCounted(@TempDir Path folder) {
    TinyCheckpoint.write(folder, 200_000);
    assertThat(Run.of("inspect", folder.toString()).out()).containsPattern("in [3-9] files");
  }

  @Test
  void whatIsMissingIsNamedAndTheRestStillDescribed(@TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    Files.delete(model.resolve("tokenizer.json"));
    Files.writeString(
        model.resolve("config.json"),
        Files.readString(model.resolve("config.json"))
            .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
    var run = Run.of("inspect", model.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out())
        .contains(
            "9 missing (model.language_model.layers.2.", "tokenizer.json", "decoder     3 layers")
        .doesNotContain("complete");
  }

  @Test
  void jsonSaysTheSame(@TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    Files.writeString(
        model.resolve("generation_config.json"), "{\"eos_token_id\": 704, \"num_beams\": 4}");
    var json = new JsonMapper().readTree(Run.of("inspect", "--json", model.toString()).out());
    assertThat(json.get("parameters").intValue()).isEqualTo(159_104);
    assertThat(json.get("weight_bytes").intValue()).isEqualTo(4 * 159_104);
    assertThat(json.get("unknown_keys").get(0).stringValue())
        .isEqualTo("generation_config.json: num_beams");
    assertThat(json.get("complete").booleanValue()).isTrue();
  }
}
