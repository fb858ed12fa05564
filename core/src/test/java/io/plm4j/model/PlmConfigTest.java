package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlmConfigTest {
  private static final RopeConfig LLAMA3 =
      new RopeConfig(500_000, new RopeScaling.Llama3(32, 1, 4, 8192));
  private static final RopeConfig PLAIN = new RopeConfig(500_000, new RopeScaling.None());

  private static VisionConfig large() {
    var rope = new GridRope(10_000, 32, 1);
    return new VisionConfig(1024, 23, 16, 4096, 448, 14, ClassToken.PRESENT, 1e-5, rope);
  }

  private static VisionConfig gigantic() {
    var rope = new GridRope(10_000, 32, 0);
    return new VisionConfig(1536, 47, 16, 8960, 448, 14, ClassToken.ABSENT, 1e-5, rope);
  }

  private static PlmConfig published(VisionConfig vision, DecoderConfig decoder) {
    return new PlmConfig(vision, decoder, 2, 128_002, 128_003, Optional.of(DType.BF16), List.of());
  }

  @Test
  void theOneBillionModelIsReadAsTransformers4WritesIt() {
    assertThat(Resources.config("config-1b-transformers-4.json"))
        .isEqualTo(
            published(
                large(),
                new DecoderConfig(2048, 8192, 16, 32, 8, 64, 128_256, 11_520, 1e-5, LLAMA3, true)));
  }

  @Test
  void theThreeBillionModelIsReadAsTransformers5WritesIt() {
    assertThat(Resources.config("config-3b-transformers-5.json"))
        .isEqualTo(
            published(
                large(),
                new DecoderConfig(
                    3072, 8192, 28, 24, 8, 128, 128_256, 11_520, 1e-5, LLAMA3, true)));
  }

  @ParameterizedTest
  @CsvSource({"config-8b-transformers-4.json", "config-8b-transformers-5.json"})
  void theEightBillionModelIsTheSameInBothDialects(String file) {
    assertThat(Resources.config(file))
        .isEqualTo(
            published(
                gigantic(),
                new DecoderConfig(
                    4096, 14336, 32, 32, 8, 128, 128_256, 11_520, 1e-5, PLAIN, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "config-1b-transformers-4.json, tensors-1b.txt, 1533524992, 32768",
    "config-3b-transformers-5.json, tensors-3b.txt, 3516753920, 114688",
    "config-8b-transformers-4.json, tensors-8b.txt, 9794260736, 131072",
    "config-tiny-transformers-5.json, tensors-tiny.txt, 25170687, 384",
  })
  void theTensorsAreThoseOfTheReference(
      String file, String tensors, long parameters, long cacheBytes) {
    var config = Resources.config(file);
    assertThat(config.expectedTensors())
        .containsExactlyInAnyOrderEntriesOf(Resources.tensors(tensors));
    assertThat(config.parameters()).isEqualTo(parameters);
    assertThat(config.decoder().kvCacheBytesPerToken(DType.BF16)).isEqualTo(cacheBytes);
  }

  @Test
  void aTileBecomesTheTokensThatPoolingLeaves() {
    assertThat(Resources.config("config-1b-transformers-4.json").tokensPerTile()).isEqualTo(256);
    assertThat(Resources.config("config-tiny-transformers-5.json").tokensPerTile()).isEqualTo(4);
  }

  private static PlmConfig changed(String from, String to) {
    var json = new String(Resources.bytes("config-1b-transformers-4.json"), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    return PlmConfig.read(
        JsonObject.parse("config.json", json.replace(from, to).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theOlderNameOfTheElementTypeIsRead() {
    assertThat(changed("\"dtype\": \"bfloat16\"", "\"torch_dtype\": \"float16\"").storedType())
        .contains(DType.F16);
    assertThat(changed("\"dtype\": \"bfloat16\",", "").storedType()).isEmpty();
  }

  @Test
  void aKeyThatNobodyKnowsIsReported() {
    var config = changed("\"use_cache\": true", "\"use_cache\": true, \"logit_softcap\": 30.0");
    assertThat(config.unknownKeys()).containsExactly("text_config.logit_softcap");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"model_type\": \"perception_lm\"|\"model_type\": \"llava\"|model_type is \"llava\"",
        "\"projector_pooling_ratio\": 2|\"projector_pooling_ratio\": 3|does not divide the 32",
        "\"projector_pooling_ratio\": 2|\"projector_pooling_ratio\": 0|projector_pooling_ratio is 0",
        "\"vision_use_cls_token\": true|\"vision_use_cls_token\": false|wanted true, as vision_config",
        "\"image_token_id\": 128002|\"image_token_id\": 128256|outside the vocabulary of 128256",
        "\"image_token_id\": 128002|\"image_token_id\": 128003|are both 128003",
        "\"dtype\": \"bfloat16\"|\"dtype\": \"float8\"|dtype is \"float8\"",
        "\"dtype\": \"bfloat16\"|\"dtype\": \"float16\", \"torch_dtype\": \"float32\"|the same as dtype",
        "\"dtype\"|\"quantization_config\": {\"quant_method\": \"gptq\"}, \"dtype\"|quantization_config.quant_method is \"gptq\"",
        "\"vision_config\"|\"vision_configs\"|vision_config is absent",
        "\"num_hidden_layers\": 16|\"num_hidden_layers\": 2000000000|text_config.num_hidden_layers is",
      })
  void whatCannotBeIsRefusedByName(String from, String to, String explanation) {
    assertThatThrownBy(() -> changed(from, to))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContaining(explanation);
  }

  @Test
  void aFolderWithoutConfigurationIsExplained(@TempDir Path folder) {
    assertThatThrownBy(() -> PlmConfig.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("config.json is not there");
  }
}
