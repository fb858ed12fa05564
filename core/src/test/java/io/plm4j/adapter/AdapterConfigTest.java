package io.plm4j.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterConfigTest {
  private static final String Q0 = "model.language_model.layers.0.self_attn.q_proj";
  private static final String Q12 = "model.language_model.layers.12.self_attn.q_proj";
  private static final String FC1 = "model.vision_tower.timm_model.blocks.1.mlp.fc1";

  @Test
  void whatPeftWroteIsReadAndWrittenAlike(@TempDir Path folder) {
    var config =
        read(
            """
            "r": 4, "lora_alpha": 8, "lora_dropout": 0.1, "use_dora": true, "use_rslora": true,
            "target_modules": ["q_proj", "attn.proj"], "exclude_modules": "lm_head",
            "init_lora_weights": "gaussian", "task_type": "CAUSAL_LM", "peft_version": "0.21.0",
            "layers_to_transform": [0, 2], "layers_pattern": "layers", "inference_mode": true,
            "rank_pattern": {"q_proj": 2}, "alpha_pattern": {"v.*": 0.5},
            "base_model_name_or_path": "facebook/Perception-LM-1B"
            """);
    assertThat(config.kind()).isEqualTo(AdapterConfig.Kind.DORA);
    assertThat(config.dropout()).isEqualTo(0.1);
    assertThat(config.initialization()).isEqualTo(AdapterConfig.Initialization.GAUSSIAN);
    assertThat(config.other()).containsEntry("task_type", "CAUSAL_LM");
    assertThat(config.baseModel()).contains("facebook/Perception-LM-1B");

    config.write(folder);

    assertThat(AdapterConfig.read(folder)).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'[\"q_proj\"]' | true | false",
        "'[\"proj\"]' | false | false",
        "'[\"layers.0.self_attn.q_proj\", \"fc1\"]' | true | true",
        "'\".*language_model.*\\\\.(q|v)_proj\"' | true | false",
        "'\"q_proj\"' | false | false",
        "'\"(?P<tower>.*)fc1\"' | false | true",
        "'\"all-linear\"' | true | true"
      })
  void targetsAreMatchedAsPythonDoes(String targets, boolean q, boolean fc1) {
    var config = read("\"target_modules\": " + targets);
    assertThat(config.isFor(Q0)).isEqualTo(q);
    assertThat(config.isFor(FC1)).isEqualTo(fc1);
    assertThat(config.isFor("lm_head")).isFalse();
  }

  @Test
  void blocksAreChosenByTheFirstNumberOfAName() {
    var any = read("\"target_modules\": [\"q_proj\", \"fc1\"], \"layers_to_transform\": 1");
    assertThat(any.isFor(Q0)).isFalse();
    assertThat(any.isFor(FC1)).isTrue();
    var layers =
        read(
            "\"target_modules\": [\"q_proj\", \"fc1\"], \"layers_to_transform\": [1, 12], \"layers_pattern\": [\"layers\"]");
    assertThat(layers.isFor(Q12)).isTrue();
    assertThat(layers.isFor(FC1)).isFalse();
  }

  @Test
  void ranksAndScalesFollowTheFirstPatternThatMatches() {
    var config =
        read(
            """
            "target_modules": "all-linear", "r": 4, "lora_alpha": 8, "use_rslora": true,
            "rank_pattern": {"layers\\\\.1.\\\\.self_attn.q_proj": 16, "q_proj": 2},
            "alpha_pattern": {"fc1": 3, "c1": 5}
            """);
    assertThat(config.rank(Q0)).isEqualTo(2);
    assertThat(config.rank(Q12)).isEqualTo(16);
    assertThat(config.rank(FC1)).isEqualTo(4);
    assertThat(config.scale(Q12)).isEqualTo(8 / 4.0);
    assertThat(config.scale(FC1)).isEqualTo(3 / 2.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"peft_type\": \"IA3\"' | 'peft_type is \"IA3\"'",
        "'\"bias\": \"all\"' | 'bias is \"all\"'",
        "'\"modules_to_save\": [\"lm_head\"]' | 'modules_to_save is [\"lm_head\"]'",
        "'\"lora_bias\": true' | 'lora_bias is true'",
        "'\"use_qalora\": true' | 'use_qalora is true'",
        "'\"init_lora_weights\": \"pissa\"' | 'init_lora_weights is \"pissa\"'",
        "'\"r\": 0' | 'r is 0'",
        "'\"lora_dropout\": 1' | 'lora_dropout is 1'",
        "'\"target_modules\": []' | 'target_modules is []'",
        "'\"target_modules\": [3]' | 'target_modules is [3]'",
        "'\"target_modules\": \"(\"' | 'is no regular expression'",
        "'\"rank_pattern\": {\"q\": 0}' | 'rank_pattern is'",
        "'\"target_modules\": \"x\", \"layers_to_transform\": 1' | 'layers_to_transform is 1'"
      })
  void whatWouldComputeSomethingElseIsRefusedByName(String entry, String message) {
    assertThatThrownBy(() -> read(entry))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("adapter_config.json")
        .hasMessageContaining(message);
  }

  @Test
  void anUnknownKeyIsReported() {
    assertThat(read("\"new_trick\": {\"x\": 1}").unknownKeys()).containsExactly("new_trick");
  }

  @Test
  void aPatternThatNeverEndsIsGivenUp() {
    var pattern = new NamePattern("(.*.*.*.*.*.*)*!");
    assertThatThrownBy(() -> pattern.matches(Q0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> new NamePattern("(".repeat(9_000) + ")".repeat(9_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void excludedLayersAreLeftOut() {
    var config =
        AdapterConfig.of(AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("q_proj", "fc1")));
    assertThat(config.isFor(FC1)).isTrue();
    assertThat(
            read("\"target_modules\": \"all-linear\", \"exclude_modules\": [\"mlp.fc1\"]")
                .isFor(FC1))
        .isFalse();
  }

  /// The entries, and what every file has unless they say otherwise.
  private static AdapterConfig read(String entries) {
    var all = new StringBuilder("{" + entries.strip());
    if (!entries.contains("peft_type")) {
      all.append(", \"peft_type\": \"LORA\"");
    }
    if (!entries.contains("target_modules")) {
      all.append(", \"target_modules\": [\"q_proj\"]");
    }
    return ConfigReader.read(
        JsonObject.parse(
            "adapter_config.json", all.append("}").toString().getBytes(StandardCharsets.UTF_8)));
  }
}
