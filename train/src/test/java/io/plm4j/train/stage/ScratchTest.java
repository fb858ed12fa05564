package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.error.InputException;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.Mutant;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScratchTest {
  private static final String SHAPE =
      """
      shape:
        image_size: 56
        vision: {width: 64, depth: 2, heads: 4, mlp_ratio: 4, class_token: true}
        text: {hidden: 96, inner: 160, layers: 2, heads: 6, kv_heads: 2, rope_theta: 10000,
               max_positions: 2048}
        pooling: 2
        max_num_tiles: 4
        num_frames: 8
      """;

  private static final LoadOptions OPTIONS = LoadOptions.DEFAULT.withThreads(1);

  @TempDir private static Path tokenizer;

  @BeforeAll
  static void writeTokenizer() {
    TinyCheckpoint.write(tokenizer);
  }

  private static PlmConfig make(Path folder, String shape, DType type, long seed)
      throws IOException {
    var file = Files.writeString(folder.resolveSibling(folder.getFileName() + ".yaml"), shape);
    var scratch = Scratch.of(file, tokenizer, type, seed);
    scratch.write(folder, 1 << 30, _ -> {});
    return scratch.config();
  }

  @Test
  void theModelHasTheShapeAndAnswers(@TempDir Path temp) throws IOException {
    var config = make(temp.resolve("m"), SHAPE, DType.F32, 1);
    assertThat(config.tokensPerTile()).isEqualTo(4);
    assertThat(config.decoder().vocabSize()).isEqualTo(715);
    assertThat(config.decoder().tiedHead()).isTrue();
    assertThat(config.imageTokenId()).isEqualTo(705);
    assertThat(config.unknownKeys()).isEmpty();
    var media = MediaSettings.read(temp.resolve("m"));
    assertThat(media.image().visionInput()).isEqualTo(VisionInput.THUMB_AND_TILES);
    assertThat(media.image().maxTiles()).isEqualTo(4);
    assertThat(media.video().frames()).isEqualTo(8);
    try (var plm = Plm.load(temp.resolve("m"), OPTIONS)) {
      assertThat(plm.generationDefaults().eosIds()).containsExactlyInAnyOrder(704, 712);
      assertThat(plm.config().parameters()).isEqualTo(config.parameters());
    }
  }

  @Test
  void picturesMayBeOneTile(@TempDir Path temp) throws IOException {
    make(
        temp.resolve("m"),
        SHAPE.replace("max_num_tiles: 4", "vision_input_type: vanilla"),
        DType.F32,
        1);
    assertThat(MediaSettings.read(temp.resolve("m")).image().visionInput())
        .isEqualTo(VisionInput.VANILLA);
  }

  @Test
  void numbersFollowTheLaws(@TempDir Path temp) throws IOException {
    make(temp.resolve("m"), SHAPE, DType.F32, 1);
    // A normal law cut at three deviations has 0.98658 of its deviation left.
    assertSpread(temp, HfNames.EMBEDDING, 0.98658 / Math.sqrt(96), 3 / Math.sqrt(96));
    var layer = HfNames.DECODER + "layers.1.";
    assertSpread(
        temp, layer + "mlp.down_proj.weight", 0.98658 / Math.sqrt(160), 3 / Math.sqrt(160));
    assertSpread(
        temp, layer + "self_attn.o_proj.weight", 0.98658 / Math.sqrt(96), 3 / Math.sqrt(96));
    assertSpread(
        temp, HfNames.PROJECTOR + "linear_1.weight", 0.98658 / Math.sqrt(96), 3 / Math.sqrt(96));
    double xavier = Math.sqrt(6.0 / (4 * 64));
    assertSpread(temp, HfNames.TOWER + "blocks.0.attn.qkv.weight", xavier / Math.sqrt(3), xavier);
    double patch = 1 / Math.sqrt(3 * 14 * 14);
    assertSpread(temp, HfNames.TOWER + "patch_embed.proj.weight", patch / Math.sqrt(3), patch);
    assertSpread(temp, HfNames.TOWER + "pos_embed", 1 / Math.sqrt(64), 10);
    assertConstant(temp, HfNames.TOWER + "blocks.1.gamma_2", 0.1f);
    assertConstant(temp, HfNames.TOWER + "blocks.1.attn.qkv.bias", 0);
    assertConstant(temp, HfNames.TOWER + "blocks.1.norm1.weight", 1);
    assertConstant(temp, HfNames.DECODER + "norm.weight", 1);
    assertThat(numbers(temp, HfNames.PROJECTOR + "linear_2.bias"))
        .as("biases of the projector are drawn too")
        .doesNotContain(0f);
  }

  private static void assertSpread(Path temp, String name, double std, double most) {
    double sum = 0;
    double squares = 0;
    double largest = 0;
    float[] numbers = numbers(temp, name);
    for (float number : numbers) {
      sum += number;
      squares += (double) number * number;
      largest = Math.max(largest, Math.abs(number));
    }
    double error = 5 / Math.sqrt(numbers.length); // five deviations of a mean
    assertThat(sum / numbers.length).as(name).isCloseTo(0, within(error * std));
    assertThat(Math.sqrt(squares / numbers.length)).as(name).isCloseTo(std, within(error * std));
    assertThat(largest).as(name).isLessThanOrEqualTo(most * 1.000001);
  }

  private static void assertConstant(Path temp, String name, float value) {
    assertThat(numbers(temp, name)).as(name).containsOnly(value);
  }

  private static float[] numbers(Path temp, String name) {
    return StoredNumbers.of(temp.resolve("m"), name);
  }

  @Test
  void equalSeedsGiveEqualModelsAndOthersOthers(@TempDir Path temp) throws IOException {
    make(temp.resolve("a"), SHAPE, DType.BF16, 5);
    make(temp.resolve("b"), SHAPE, DType.BF16, 5);
    make(temp.resolve("c"), SHAPE, DType.BF16, 6);
    assertThat(weights(temp, "a")).isEqualTo(weights(temp, "b")).isNotEqualTo(weights(temp, "c"));
  }

  private static byte[] weights(Path temp, String name) throws IOException {
    return Files.readAllBytes(temp.resolve(name).resolve("model.safetensors"));
  }

  @Test
  void aTensorDoesNotDependOnTheOthers(@TempDir Path temp) throws IOException {
    make(temp.resolve("m"), SHAPE, DType.F32, 5);
    var before = numbers(temp, HfNames.PROJECTOR + "linear_1.weight");
    Files.move(temp.resolve("m"), temp.resolve("other"));
    make(temp.resolve("m"), SHAPE.replace("layers: 2", "layers: 3"), DType.F32, 5);
    assertThat(numbers(temp, HfNames.PROJECTOR + "linear_1.weight")).isEqualTo(before);
  }

  @Test
  void theOtherFamilysTraitsAreThereToo(@TempDir Path temp) throws IOException {
    var shape =
        SHAPE
            .replace("class_token: true", "class_token: false, layer_scale: 1")
            .replace("rope_theta: 10000", "tied: false, rope_scaling: {factor: 8}");
    var config = make(temp.resolve("m"), shape, DType.F16, 1);
    assertThat(config.expectedTensors())
        .containsKey(HfNames.HEAD)
        .doesNotContainKey(HfNames.TOWER + "cls_token");
    assertConstant(temp, HfNames.TOWER + "blocks.0.gamma_1", 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "width: 64 | wide: 64 | vision.width is absent",
        "pooling: 2 | pooling: 3 | does not divide the 4 columns",
        "heads: 4, | heads: 5, | not a multiple of num_heads",
        "kv_heads: 2 | kv_heads: 4 | not a multiple of num_key_value_heads",
        "num_frames: 8 | frames: 8 | unknown: shape.frames",
        "image_size: 56 | image_size: 60 | not a multiple of patch_size",
        "pooling: 2 | pooling: [2 | is no YAML",
        "depth: 2 | depth: many | shape.vision.depth",
      })
  void mistakesAreExplained(String right, String wrong, String message, @TempDir Path temp) {
    assertThatThrownBy(() -> make(temp.resolve("m"), SHAPE.replace(right, wrong), DType.F32, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
    assertThat(temp.resolve("m")).doesNotExist();
  }

  @Test
  void aTokenizerWithoutPicturesIsRefused(@TempDir Path temp) throws IOException {
    for (var name :
        new String[] {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}) {
      Files.writeString(
          temp.resolve(name),
          Files.readString(tokenizer.resolve(name))
              .replace("<|video|>", "<|reserved_special_token_1|>")
              .replace("\"video_token\"", "\"some_token\""));
    }
    var shape = Files.writeString(temp.resolve("shape.yaml"), SHAPE);
    assertThatThrownBy(() -> Scratch.of(shape, temp, DType.F32, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no special token <|video|>");
    assertThatThrownBy(() -> Scratch.of(shape, temp.resolve("none"), DType.F32, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no tokenizer.json");
  }

  @Test
  void damagedShapesEndInAMessage(@TempDir Path temp) throws IOException {
    var random = new Random(7);
    for (int i = 0; i < Mutant.cases(200); i++) {
      var file = Files.writeString(temp.resolve("shape.yaml"), mutated(random));
      try {
        ModelShape.read(file);
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("shape.yaml");
      }
    }
  }

  private static String mutated(Random random) {
    String text;
    do {
      text = Mutant.ofJson(SHAPE, random);
    } while (text.indexOf('\uD800') >= 0); // which no file can hold
    return text;
  }
}
