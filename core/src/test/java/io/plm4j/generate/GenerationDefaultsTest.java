package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationDefaultsTest {
  @TempDir private Path folder;

  private void generation(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
  }

  private void config(String text) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"text_config\":" + text + "}");
  }

  @Test
  void thePublishedFileMeansGreedyWithTwoEnds() throws IOException {
    generation(
        """
        {"bos_token_id":128000,"eos_token_id":[128001,128009],"transformers_version":"4.54.0.dev0"}
        """);
    var defaults = GenerationDefaults.read(folder);
    assertThat(defaults.eosIds()).containsExactly(128001, 128009);
    assertThat(defaults.bosId()).hasValue(128000);
    assertThat(defaults.padId()).isEmpty();
    assertThat(defaults.doSample()).isFalse();
    assertThat(defaults.unknownKeys()).isEmpty();
  }

  @Test
  void samplingIsReadAndUnknownKeysAreReported() throws IOException {
    generation(
        """
        {"eos_token_id":2,"pad_token_id":0,"do_sample":true,"temperature":0.6,"top_k":50,
         "top_p":0.9,"repetition_penalty":1.1,"max_new_tokens":256,"num_beams":4}
        """);
    assertThat(GenerationDefaults.read(folder))
        .isEqualTo(
            new GenerationDefaults(
                List.of(2),
                OptionalInt.empty(),
                OptionalInt.of(0),
                true,
                OptionalDouble.of(0.6),
                OptionalInt.of(50),
                OptionalDouble.of(0.9),
                OptionalDouble.of(1.1),
                OptionalInt.of(256),
                List.of("num_beams")));
  }

  @Test
  void withoutTheFileTheConfigurationsIdsCount() throws IOException {
    config("{\"bos_token_id\":1,\"eos_token_id\":2}");
    var defaults = GenerationDefaults.read(folder);
    assertThat(defaults.eosIds()).containsExactly(2);
    assertThat(defaults.bosId()).hasValue(1);
  }

  @Test
  void withoutTheKeyTheConfigurationsIdsCount() throws IOException {
    generation("{\"eos_token_id\":null,\"bos_token_id\":7}");
    config("{\"bos_token_id\":1,\"eos_token_id\":[2,3]}");
    var defaults = GenerationDefaults.read(folder);
    assertThat(defaults.eosIds()).containsExactly(2, 3);
    assertThat(defaults.bosId()).hasValue(7);
  }

  @Test
  void withoutAnEndAnywhereTheRemedyIsGiven() throws IOException {
    config("{}");
    assertThatThrownBy(() -> GenerationDefaults.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("add \"eos_token_id\": [128001, 128009]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"eos_token_id\":-1}",
        "{\"eos_token_id\":\"2\"}",
        "{\"eos_token_id\":[2,null]}",
        "{\"eos_token_id\":2,\"temperature\":0}",
        "{\"eos_token_id\":2,\"top_p\":1.5}",
        "{\"eos_token_id\":2,\"top_k\":-1}",
        "{\"eos_token_id\":2,\"do_sample\":\"yes\"}",
        "[]",
        "{"
      })
  void malformedValuesAreRefused(String json) throws IOException {
    generation(json);
    assertThatThrownBy(() -> GenerationDefaults.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("generation_config.json");
  }
}
