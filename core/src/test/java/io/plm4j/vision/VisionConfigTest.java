package io.plm4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisionConfigTest {
  private static final String LARGE = "vit_pe_core_large_patch14_336";
  private static final String GIGANTIC = "vit_pe_core_gigantic_patch14_448";
  private static final String REQUIRED =
      "\"global_pool\":\"\",\"use_post_transformer_norm\":false,\"init_values\":0.1";

  private static VisionConfig read(String architecture, String args) {
    var json = "{\"architecture\":\"%s\",\"model_args\":{%s}}".formatted(architecture, args);
    return VisionConfig.read(
        JsonObject.parse("config.json", json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anArchitectureBringsItsOwnValues() {
    assertThat(read(LARGE, REQUIRED))
        .isEqualTo(
            new VisionConfig(
                1024,
                24,
                16,
                4096,
                336,
                14,
                ClassToken.PRESENT,
                1e-5,
                new GridRope(10_000, 24, 1)));
    assertThat(read(GIGANTIC, REQUIRED))
        .isEqualTo(
            new VisionConfig(
                1536, 50, 16, 8960, 448, 14, ClassToken.ABSENT, 1e-5, new GridRope(10_000, 32, 0)));
  }

  @Test
  void argumentsOverrideTheArchitecture() {
    var args =
        REQUIRED
            + """
            ,"embed_dim":64,"depth":3,"num_heads":4,"mlp_ratio":5.833333334,"img_size":56,\
            "patch_size":[7,7],"ref_feat_shape":4,"class_token":false,"rope_grid_offset":0.5,\
            "rope_temperature":100,"drop_path_rate":0.1,"qkv_bias":true,"in_chans":3\
            """;
    assertThat(read(LARGE, args))
        .isEqualTo(
            new VisionConfig(
                64, 3, 4, 373, 56, 7, ClassToken.ABSENT, 1e-5, new GridRope(100, 4, 0.5)));
  }

  @Test
  void anArgumentThatIsNullLeavesTheArchitecturesValue() {
    assertThat(read(LARGE, REQUIRED + ",\"depth\":null,\"ref_feat_shape\":null"))
        .isEqualTo(read(LARGE, REQUIRED));
  }

  @Test
  void sizesFollowFromTheConfiguration() {
    var config = read(LARGE, REQUIRED + ",\"img_size\":[448,448]");
    assertThat(config.headDim()).isEqualTo(64);
    assertThat(config.gridSide()).isEqualTo(32);
    assertThat(config.patches()).isEqualTo(1024);
    assertThat(config.tokens()).isEqualTo(1025);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"num_reg_tokens\":4|model_args.num_reg_tokens is 4; wanted 0",
        "\"swiglu_mlp\":true|model_args.swiglu_mlp is true; wanted false",
        "\"qkv_fused\":false|model_args.qkv_fused is false; wanted true",
        "\"rope_rotate_half\":true|model_args.rope_rotate_half is true",
        "\"rope_type\":\"mixed\"|model_args.rope_type is \"mixed\"; wanted \"cat\"",
        "\"rope_grid_indexing\":\"ij\"|model_args.rope_grid_indexing is \"ij\"",
        "\"dynamic_img_size\":true|model_args.dynamic_img_size is true",
        "\"in_chans\":1|model_args.in_chans is 1",
        "\"norm_layer\":\"rmsnorm\"|norm_layer may change the tower",
        "\"img_size\":[448,336]|model_args.img_size is [448,336]; wanted one size or two equal",
        "\"img_size\":[]|model_args.img_size is []",
        "\"img_size\":450|img_size 450 is not a multiple of patch_size 14",
        "\"num_heads\":15|embed_dim 1024 is not a multiple of num_heads 15",
        "\"num_heads\":512|the width of a head, 2, is not a multiple of 4",
        "\"mlp_ratio\":0|embed_dim * mlp_ratio is 0",
        "\"depth\":100000|model_args.depth is 100000",
      })
  void whatWouldComputeSomethingElseIsRefusedByName(String args, String explanation) {
    assertThatThrownBy(() -> read(LARGE, REQUIRED + "," + args))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(explanation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"global_pool", "use_post_transformer_norm", "init_values"})
  void argumentsWhoseAbsenceMeansAnotherTowerMustBeThere(String key) {
    var without = REQUIRED.replace("\"" + key + "\"", "\"drop_rate\"");
    assertThatThrownBy(() -> read(LARGE, without))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model_args." + key + " is absent");
  }

  @Test
  void anotherArchitectureIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> read("resnet50", REQUIRED))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"resnet50\"; wanted one of " + GIGANTIC + ", " + LARGE);
  }
}
