package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaSettingsTest {
  @TempDir private Path checkpoint;

  @Test
  void withoutFilesThePublishedValuesHold() {
    var settings = MediaSettings.read(checkpoint);

    assertThat(settings).isEqualTo(MediaSettings.DEFAULT);
    assertThat(settings.tokensPerTile()).isEqualTo(256);
    assertThat(settings.tokensPerFrame()).isEqualTo(256);
  }

  @Test
  void theFilesOfTransformersFiveAreRead() throws IOException {
    write(
        "processor_config.json",
        """
        {"patch_size": 7, "pooling_ratio": 1, "processor_class": "PerceptionLMProcessor",
         "image_processor": {"tile_size": 56, "size": {"height": 56, "width": 56}, "max_num_tiles": 4,
           "vision_input_type": "vanilla", "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 2, 3],
           "rescale_factor": 0.5, "resample": 3, "do_resize": true, "crop_size": null},
         "video_processor": {"size": {"height": 28, "width": 28}, "resample": 3}}
        """);
    write("preprocessor_config.json", "{\"tile_size\": 999}");

    var settings = MediaSettings.read(checkpoint);

    assertThat(settings.image())
        .isEqualTo(
            new ImageSettings(
                VisionInput.VANILLA,
                56,
                4,
                new Normalization(0.5, List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 3.0)),
                Bicubic.TORCHVISION_BYTES));
    assertThat(settings.video().size()).isEqualTo(28);
    assertThat(settings.tokensPerTile()).isEqualTo(64);
    assertThat(settings.tokensPerFrame()).isEqualTo(16);
  }

  @Test
  void theFilesOfTransformersFourAreRead() throws IOException {
    write("processor_config.json", "{\"patch_size\": 14, \"pooling_ratio\": 2}");
    write("preprocessor_config.json", "{\"tile_size\": 112, \"max_num_tiles\": 9}");
    write(
        "video_preprocessor_config.json",
        "{\"size\": {\"height\": 56, \"width\": 56}, \"num_frames\": 4}");

    var settings = MediaSettings.read(checkpoint);

    assertThat(settings.image().tileSize()).isEqualTo(112);
    assertThat(settings.image().maxTiles()).isEqualTo(9);
    assertThat(settings.image().visionInput()).isEqualTo(VisionInput.THUMB_AND_TILES);
    assertThat(settings.video().size()).isEqualTo(56);
    assertThat(settings.video().frames()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tile_size | 0",
        "tile_size | 448.5",
        "tile_size | \"448\"",
        "tile_size | 99999999999",
        "tile_size | 27",
        "max_num_tiles | -1",
        "max_num_tiles | 100000",
        "vision_input_type | \"anyres\"",
        "resample | 2",
        "do_resize | false",
        "do_rescale | false",
        "do_normalize | 1",
        "do_center_crop | true",
        "rescale_factor | 0",
        "rescale_factor | 1e-60",
        "image_mean | [0.5, 0.5]",
        "image_mean | [0.5, 0.5, 0.5, 0.5]",
        "image_std | [0.5, 0, 0.5]",
        "image_std | \"half\"",
        "size | {\"height\": 448, \"width\": 336}",
        "size | []"
      })
  void valuesThatCannotBeHonouredAreNamedWithFileAndKey(String key, String value)
      throws IOException {
    write("preprocessor_config.json", "{\"%s\": %s}".formatted(key, value));

    assertThatThrownBy(() -> MediaSettings.read(checkpoint))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("preprocessor_config.json: " + key)
        .hasMessageContaining("; wanted ");
  }

  @Test
  void aNestedKeyIsNamedWithItsPath() throws IOException {
    write("processor_config.json", "{\"image_processor\": {\"tile_size\": true}}");

    assertThatThrownBy(() -> MediaSettings.read(checkpoint))
        .hasMessageContaining(
            "image_processor.tile_size is true; wanted an integer from 1 to 4096");
  }

  @Test
  void aFileThatIsNoJsonObjectIsNamed() throws IOException {
    write("processor_config.json", "{\"patch_size\": ");
    assertThatThrownBy(() -> MediaSettings.read(checkpoint))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("processor_config.json is not valid JSON");

    write("processor_config.json", "[]");
    assertThatThrownBy(() -> MediaSettings.read(checkpoint))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("wanted a JSON object");
  }

  @Test
  void anotherInputOrMoreTilesCanBeChosen() {
    var settings = ImageSettings.DEFAULT;

    assertThat(settings.withMaxTiles(4).maxTiles()).isEqualTo(4);
    assertThat(settings.withVisionInput(VisionInput.VANILLA).tileCount(640, 480)).isEqualTo(1);
    assertThat(settings.tileCount(640, 480)).isEqualTo(36);
    assertThatThrownBy(() -> settings.withMaxTiles(0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("max_num_tiles must be 1 to 1024, got 0");
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(checkpoint.resolve(name), json);
  }
}
