package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.language.FeedForwardSize;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamsFileTest {
  private static final int CASES = Integer.getInteger("plm.fuzz.cases", 3_000);

  /// The keys of the published 8B model's training, with every value that a resolved file has.
  private static final String EIGHT_B =
      """
      {"model": {
        "dim": 4096, "n_layers": 32, "head_dim": null, "n_heads": 32, "n_kv_heads": 8,
        "ffn_dim_multiplier": 1.3, "multiple_of": 1024, "norm_eps": 1e-05, "rope_theta": 500000.0,
        "rope_scale_factor": 1, "old_context_len": 8192, "low_freq_factor": 1, "high_freq_factor": 32,
        "vocab_size": 128256, "weight_tying": false, "max_seqlen": 11520, "seed": 42,
        "pooling_ratio": 2, "sliding_window": null, "mlp_init": {"use_gaussian": true},
        "vision_model": {
          "image_size": 448, "patch_size": 14, "width": 1536, "layers": 47, "heads": 16,
          "use_cls_token": false, "use_abs_posemb": true, "mlp_ratio": 5.833333334,
          "ls_init_value": 0.1, "drop_path": 0.1, "use_ln_post": false, "pool_type": "none"}},
       "distributed": {"model_dtype": "bf16"}, "optim": {"lr": 1e-5}}
      """;

  private static PlmConfig read(String json) {
    return PlmConfig.readParams(
        JsonObject.parse("params.json", json.getBytes(StandardCharsets.UTF_8)));
  }

  private static PlmConfig changed(String from, String to) {
    assertThat(EIGHT_B).contains(from);
    return read(EIGHT_B.replace(from, to));
  }

  @Test
  void thePublishedModelIsRead() {
    var config = read(EIGHT_B);
    assertThat(config.parameters()).isEqualTo(9_794_260_736L);
    assertThat(config.decoder().intermediateSize()).isEqualTo(14_336);
    assertThat(config.decoder().headDim()).isEqualTo(128);
    assertThat(config.decoder().rope()).isEqualTo(new RopeConfig(500_000, new RopeScaling.None()));
    assertThat(config.vision().mlpHidden()).isEqualTo(8960);
    assertThat(config.vision().rope()).isEqualTo(new GridRope(10_000, 32, 0));
    assertThat(config.imageTokenId()).isEqualTo(128_002);
    assertThat(config.videoTokenId()).isEqualTo(128_003);
    assertThat(config.storedType()).contains(DType.BF16);
    assertThat(config.unknownKeys()).isEmpty();
  }

  @Test
  void theSmallerModelsDifferWhereTheFileSaysSo() {
    var config =
        read(
            EIGHT_B
                .replace("\"rope_scale_factor\": 1,", "\"rope_scale_factor\": 32,")
                .replace("\"high_freq_factor\": 32", "\"high_freq_factor\": 4")
                .replace("\"use_cls_token\": false", "\"use_cls_token\": true")
                .replace("\"weight_tying\": false", "\"weight_tying\": true")
                .replace("\"image_size\"", "\"pretrain_image_size\""));
    assertThat(config.decoder().rope().scaling()).isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
    assertThat(config.decoder().tiedHead()).isTrue();
    assertThat(config.vision().classToken()).isEqualTo(ClassToken.PRESENT);
    assertThat(config.vision().rope().offset()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "2048, 1.5, 256, 8192",
    "3072, 1.0, 256, 8192",
    "4096, 1.3, 1024, 14336",
    "96, 1.0, 256, 256",
    "64, 0.5, 32, 96"
  })
  void theWidthInsideTheFeedForwardFollowsFromTwoKeys(
      int dim, double factor, int multiple, int size) {
    assertThat(new FeedForwardSize(factor, multiple).size(dim)).isEqualTo(size);
  }

  @Test
  void everyWidthCanBeStated() {
    for (int dim : new int[] {1, 2, 64, 2048, 8192, 16_777_216}) {
      for (int size : new int[] {1, 2, 3, 96, 373, 8191, 14_336, 28_672, 16_777_216}) {
        assertThat(FeedForwardSize.of(dim, size).size(dim)).as("%d %d", dim, size).isEqualTo(size);
      }
    }
  }

  @Test
  void scalingIsNeverAssumed() {
    assertThatThrownBy(() -> changed("\"rope_scale_factor\": 1, ", "\"use_scaled_rope\": true, "))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.rope_scale_factor is absent");
    assertThatThrownBy(() ->
            read(
                EIGHT_B
                    .replace("\"rope_scale_factor\": 1,", "\"rope_scale_factor\": 32,")
                    .replace("\"high_freq_factor\": 32,", "")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.high_freq_factor is absent");
    assertThat(
            changed(
                    "\"rope_scale_factor\": 1,",
                    "\"rope_scale_factor\": 8, \"use_scaled_rope\": false,")
                .decoder()
                .rope()
                .scaling())
        .isEqualTo(new RopeScaling.None());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"use_ln_post\": false', '\"use_ln_post\": true', use_ln_post",
    "'\"pool_type\": \"none\"', '\"pool_type\": \"attn\"', pool_type",
    "'\"ls_init_value\": 0.1', '\"ls_init_value\": null', ls_init_value",
    "'\"sliding_window\": null', '\"sliding_window\": 512', sliding_window",
    "'\"vocab_size\": 128256', '\"vocab_size\": -1', vocab_size",
    "'\"vocab_size\": 128256', '\"vocab_size\": 200', vocab_size",
    "'\"model_dtype\": \"bf16\"', '\"model_dtype\": \"int8\"', model_dtype",
    "'\"n_heads\": 32', '\"n_heads\": 31', n_heads",
    "'\"dim\": 4096, ', '', dim",
    "'\"patch_size\": 14', '\"patch_size\": 15', patch_size",
  })
  void anotherNetworkIsRefusedByItsKey(String from, String to, String key) {
    assertThatThrownBy(() -> changed(from, to))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("params.json")
        .hasMessageContaining(key);
  }

  @Test
  void unknownKeysOfTheModelAreListed() {
    assertThat(changed("\"seed\": 42", "\"new_trick\": 1").unknownKeys())
        .containsExactly("model.new_trick");
  }

  @Test
  void aMutantIsReadOrRefused() {
    var original = EIGHT_B.getBytes(StandardCharsets.UTF_8);
    var values =
        new String[] {"0", "-1", "1e400", "null", "true", "\"\"", "[]", "{}", "2147483647"};
    var random = new Random(5);
    int read = 0;
    for (int round = 0; round < CASES; round++) {
      byte[] bytes = original.clone();
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(128);
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          var parts = EIGHT_B.split("(?<=: )");
          int part = 1 + random.nextInt(parts.length - 1);
          parts[part] =
              parts[part].replaceFirst("^[^,{}\\[]+", values[random.nextInt(values.length)]);
          bytes = String.join("", parts).getBytes(StandardCharsets.UTF_8);
        }
      }
      try {
        assertThat(PlmConfig.readParams(JsonObject.parse("params.json", bytes)).parameters())
            .isPositive();
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("params.json");
      }
    }
    assertThat(read).isBetween(1, CASES - 1);
  }
}
