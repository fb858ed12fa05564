package io.plm4j.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.tensor.DType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderConfigTest {
  private static final String SIZES =
      """
      "hidden_size":2048,"intermediate_size":8192,"num_hidden_layers":16,"num_attention_heads":32,\
      "vocab_size":128256,"max_position_embeddings":11520,"rms_norm_eps":1e-05\
      """;

  private static final String LLAMA3 =
      """
      "factor":32.0,"low_freq_factor":1.0,"high_freq_factor":4.0,\
      "original_max_position_embeddings":8192\
      """;

  private static final RopeConfig SCALED =
      new RopeConfig(500_000, new RopeScaling.Llama3(32, 1, 4, 8192));
  private static final RopeConfig PLAIN = new RopeConfig(500_000, new RopeScaling.None());

  private static DecoderConfig read(String more) {
    return readWithin("\"other\":0", SIZES + "," + more);
  }

  private static DecoderConfig readWithin(String whole, String text) {
    var json = "{%s,\"text_config\":{%s}}".formatted(whole, text);
    var object = JsonObject.parse("config.json", json.getBytes(StandardCharsets.UTF_8));
    return DecoderConfig.read(object.object("text_config"), object);
  }

  @Test
  void headsAndTheirWidthFollowFromTheRestWhereTheyAreAbsent() {
    var config = read("\"rope_theta\":500000");
    assertThat(config.headDim()).isEqualTo(64);
    assertThat(config.kvHeads()).isEqualTo(32);
    assertThat(read("\"rope_theta\":500000,\"head_dim\":128").headDim()).isEqualTo(128);
    assertThat(read("\"rope_theta\":500000,\"num_key_value_heads\":8").kvHeads()).isEqualTo(8);
  }

  @Test
  void theCacheGrowsByTwoVectorsOfEachLayerAndKeyHead() {
    var config = read("\"rope_theta\":500000,\"num_key_value_heads\":8");
    assertThat(config.kvCacheBytesPerToken(DType.BF16)).isEqualTo(32_768);
    assertThat(config.kvCacheBytesPerToken(DType.F32)).isEqualTo(65_536);
  }

  @Test
  void bothDialectsOfTheRotaryEmbeddingAreRead() {
    assertThat(
            read("\"rope_theta\":5e5,\"rope_scaling\":{" + LLAMA3 + ",\"rope_type\":\"llama3\"}")
                .rope())
        .isEqualTo(SCALED);
    assertThat(
            read("\"rope_parameters\":{" + LLAMA3 + ",\"rope_type\":\"llama3\",\"rope_theta\":5e5}")
                .rope())
        .isEqualTo(SCALED);
    assertThat(
            read("\"rope_theta\":5e5,\"rope_scaling\":{" + LLAMA3 + ",\"type\":\"llama3\"}").rope())
        .isEqualTo(SCALED);
    assertThat(read("\"rope_theta\":5e5,\"rope_scaling\":null").rope()).isEqualTo(PLAIN);
    assertThat(read("\"rope_theta\":5e5,\"rope_parameters\":{}").rope()).isEqualTo(PLAIN);
    assertThat(read("\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":5e5}").rope())
        .isEqualTo(PLAIN);
  }

  @Test
  void dialectsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() ->
            read(
                "\"rope_theta\":5e5,\"rope_parameters\":{\"rope_type\":\"default\"},"
                    + "\"rope_scaling\":{\"rope_type\":\"llama3\","
                    + LLAMA3
                    + "}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rope_scaling and rope_parameters are both there and differ");
  }

  @Test
  void whetherTheHeadIsTiedIsReadWhereItStands() {
    var inner = SIZES + ",\"rope_theta\":5e5";
    var tied = inner + ",\"tie_word_embeddings\":true";
    assertThat(readWithin("\"other\":0", inner).tiedHead()).isFalse();
    assertThat(readWithin("\"other\":0", tied).tiedHead()).isTrue();
    assertThat(readWithin("\"tie_word_embeddings\":true", inner).tiedHead()).isTrue();
    assertThat(readWithin("\"tie_word_embeddings\":true", tied).tiedHead()).isTrue();
    assertThat(readWithin("\"tie_word_embeddings\":null", tied).tiedHead()).isTrue();
    assertThatThrownBy(() -> readWithin("\"tie_word_embeddings\":false", tied))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tie_word_embeddings is false; wanted true, as in text_config");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"rope_theta\":5e5,\"attention_bias\":true|text_config.attention_bias is true; wanted false",
        "\"rope_theta\":5e5,\"mlp_bias\":true|text_config.mlp_bias is true",
        "\"rope_theta\":5e5,\"hidden_act\":\"gelu\"|text_config.hidden_act is \"gelu\"",
        "\"rope_theta\":5e5,\"model_type\":\"qwen2\"|text_config.model_type is \"qwen2\"",
        "\"rope_theta\":5e5,\"head_dim\":63|head_dim 63 is odd",
        "\"rope_theta\":5e5,\"head_dim\":0|text_config.head_dim is 0",
        "\"rope_theta\":5e5,\"num_key_value_heads\":5|not a multiple of num_key_value_heads 5",
        "\"rope_theta\":5e5,\"partial_rotary_factor\":0.5|partial_rotary_factor is 0.5; wanted 1",
        "\"rope_theta\":1,\"rope_parameters\":{\"rope_theta\":5e5}|rope_theta is 1; wanted 500000.0, as in",
        "\"rope_theta\":0|text_config.rope_theta is 0",
        "\"rope_theta\":-1|text_config.rope_theta is -1",
        "\"rope_theta\":null|text_config.rope_theta is null",
        "\"use_cache\":true|text_config.rope_theta is absent",
        "\"rope_parameters\":{\"rope_type\":\"default\"}|text_config.rope_theta is absent",
        "\"rope_theta\":5e5,\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}|rope_scaling.type is \"linear\"",
        "\"rope_theta\":5e5,\"rope_scaling\":{\"rope_type\":\"yarn\"}|rope_scaling.rope_type is \"yarn\"",
        "\"rope_theta\":5e5,\"rope_scaling\":{\"rope_type\":\"llama3\"}|rope_scaling.factor is absent",
        "\"rope_theta\":5e5,\"rope_scaling\":7|text_config.rope_scaling is 7",
      })
  void whatWouldComputeSomethingElseIsRefusedByName(String more, String explanation) {
    assertThatThrownBy(() -> read(more))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContaining(explanation);
  }

  @Test
  void frequencyFactorsInTheWrongOrderAreRefused() {
    var swapped =
        LLAMA3.replace("\"low_freq_factor\":1.0", "\"low_freq_factor\":4.0")
            + ",\"rope_type\":\"llama3\"";
    assertThatThrownBy(() -> read("\"rope_theta\":5e5,\"rope_scaling\":{" + swapped + "}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("text_config.rope_scaling: low_freq_factor 4.0 must be");
  }
}
