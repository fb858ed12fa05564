package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TilesTest {
  @Test
  void theNumbersAreThoseOfTransformersInEveryBit() {
    for (JsonNode row : Golden.json("pixel_values.json")) {
      var published = Normalization.DEFAULT;
      var settings =
          new ImageSettings(
              row.get("vision_input_type").stringValue().equals("vanilla")
                  ? VisionInput.VANILLA
                  : VisionInput.THUMB_AND_TILES,
              row.get("tile_size").intValue(),
              row.get("max_num_tiles").intValue(),
              new Normalization(
                  row.path("rescale_factor").doubleValue(published.rescaleFactor()),
                  numbers(row.path("image_mean"), published.mean()),
                  numbers(row.path("image_std"), published.std())),
              Bicubic.TORCHVISION_BYTES);
      var picture = Golden.formula(row.get("width").intValue(), row.get("height").intValue());

      var tiles = settings.tiles(picture);

      assertThat(tiles.count()).isEqualTo(row.get("tiles").intValue());
      assertThat(settings.tileCount(picture.width(), picture.height())).isEqualTo(tiles.count());
      var bytes =
          ByteBuffer.allocate(tiles.count() * tiles.floatsPerTile() * 4)
              .order(ByteOrder.LITTLE_ENDIAN);
      tiles.writeNormalized(0, tiles.count(), bytes.asFloatBuffer());
      assertThat(Golden.crc32(bytes.array()))
          .as(row.toString())
          .isEqualTo(row.get("crc32").stringValue());
    }
  }

  private static List<Double> numbers(JsonNode array, List<Double> missing) {
    var numbers = new ArrayList<Double>();
    array.forEach(number -> numbers.add(number.doubleValue()));
    return numbers.isEmpty() ? missing : numbers;
  }

  @Test
  void tilesInPartsAreTheTilesAtOnce() {
    var tiles = settings().tiles(Golden.formula(50, 30));
    var whole = FloatBuffer.allocate(tiles.count() * tiles.floatsPerTile());
    var parts = FloatBuffer.allocate(tiles.count() * tiles.floatsPerTile());

    tiles.writeNormalized(0, tiles.count(), whole);
    for (int i = 0; i < tiles.count(); i++) {
      tiles.writeNormalized(i, i + 1, parts);
    }

    assertThat(parts.array()).isEqualTo(whole.array());
  }

  @Test
  void vanillaIsTheThumbnail() {
    var picture = Golden.formula(50, 30);

    assertThat(settings().withVisionInput(VisionInput.VANILLA).tiles(picture).bytes(0))
        .isEqualTo(settings().tiles(picture).bytes(0));
  }

  @Test
  void tilesPutTogetherAreTheResizedPicture() {
    var picture = Golden.formula(50, 30);
    var tiles = settings().tiles(picture);
    var grid = TileGrid.of(50, 30, 14, 9);
    var resized = Bicubic.TORCHVISION_BYTES.resize(picture, grid.columns() * 14, grid.rows() * 14);

    for (int y = 0; y < resized.height(); y++) {
      for (int x = 0; x < resized.width(); x++) {
        byte[] tile = tiles.bytes(1 + y / 14 * grid.columns() + x / 14);
        int at = y % 14 * 14 + x % 14;
        int pixel =
            (tile[at] & 0xFF) << 16 | (tile[at + 196] & 0xFF) << 8 | (tile[at + 392] & 0xFF);
        assertThat(pixel).isEqualTo(resized.pixel(x, y));
      }
    }
  }

  @Test
  void aTileSavedAsPngIsTheTile(@TempDir Path folder) {
    var tiles = settings().tiles(Golden.formula(50, 30));
    var file = folder.resolve("tile.png");

    tiles.writePng(3, file);

    var saved = Image.read(file);
    assertThat(saved.width()).isEqualTo(14);
    for (int i = 0; i < 196; i++) {
      assertThat(saved.pixel(i % 14, i / 14) >> 16).isEqualTo(tiles.bytes(3)[i] & 0xFF);
    }
  }

  @Test
  void videoFramesBecomeOneTileEach() {
    var frames = List.of(Golden.formula(20, 10), Golden.formula(10, 20));
    var video = new VideoSettings(14, 32, Normalization.DEFAULT, Bicubic.TORCHVISION_BYTES);

    var tiles = video.tiles(frames);

    assertThat(tiles.count()).isEqualTo(2);
    assertThat(tiles.bytes(1))
        .isEqualTo(settings().withVisionInput(VisionInput.VANILLA).tiles(frames.get(1)).bytes(0));
  }

  @Test
  void aBufferThatIsTooSmallIsRefused() {
    var tiles = settings().tiles(Golden.formula(50, 30));

    assertThatThrownBy(() -> tiles.writeNormalized(0, 2, FloatBuffer.allocate(1175)))
        .hasMessageContaining("need room for 1176 floats, the buffer has 1175");
    assertThatThrownBy(() -> tiles.writeNormalized(0, 99, FloatBuffer.allocate(0)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static ImageSettings settings() {
    return new ImageSettings(
        VisionInput.THUMB_AND_TILES, 14, 9, Normalization.DEFAULT, Bicubic.TORCHVISION_BYTES);
  }
}
