package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.json.JsonObject;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {
  private static Work published(String size) {
    try (var in =
        WorkTest.class.getResourceAsStream(
            "config-%s-transformers-%d.json".formatted(size, size.equals("1b") ? 4 : 5))) {
      return new Work(
          PlmConfig.read(JsonObject.parse(size, Objects.requireNonNull(in, size).readAllBytes())));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theTinyModelIsCountedByHand(@TempDir Path folder) {
    TinyCheckpoint.write(folder);
    var work = new Work(PlmConfig.read(folder));
    // 16 patches of 14 x 14 and a class token, width 32, feed-forward 128, 2 blocks; to width 64.
    double patches = 2 * 16 * (3 * 14 * 14) * 32;
    double block = 2 * 17 * (4 * 32 * 32 + 2 * 32 * 128) + 4 * 17 * 17 * 32;
    double projector = 2 * 16 * (32 * 64 + 64 * 64);
    assertThat(work.visionFlops(3)).isEqualTo(3 * (patches + 2 * block + projector));
    assertThat(work.visionNumbers())
        .isEqualTo(588 * 32 + 2 * (4 * 32 * 32 + 2 * 32 * 128) + 32 * 64 + 64 * 64);
    // 2 layers, 4 heads and 2 key heads of 16, width 64, feed-forward 96, 720 tokens.
    double layers = 2 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 96);
    double head = 720 * 64;
    // 3 tokens look at 1, 2 and 3 positions.
    assertThat(work.prefillFlops(3)).isEqualTo(2 * 3 * layers + 2 * 4 * 6 * 64 + 2 * head);
    assertThat(work.decodeFlops(10)).isEqualTo(2 * (layers + head) + 2 * 4 * 10 * 64);
    assertThat(work.decoderNumbers()).isEqualTo(layers + head);
  }

  @Test
  void aPromptIsAsMuchAsItsTokensOneByOneButForTheScores(@TempDir Path folder) {
    TinyCheckpoint.write(folder);
    var work = new Work(PlmConfig.read(folder));
    double each = 0;
    for (int position = 1; position <= 33; position++) {
      each += work.decodeFlops(position);
    }
    assertThat(each - work.prefillFlops(33)).isEqualTo(32.0 * 2 * 720 * 64);
  }

  /// TFLOP of the published shapes: a picture of one tile, one of 36 and the whole, a video of 32
  /// frames; with some 50 words.
  @ParameterizedTest
  @CsvSource({
    "1b, 1, 0.7, 0.6",
    "1b, 37, 26, 24",
    "1b, 32, 23, 20",
    "3b, 1, 0.7, 1.7",
    "3b, 37, 27, 69",
    "3b, 32, 23, 58",
    "8b, 1, 3.9, 4.2",
    "8b, 37, 145, 157",
    "8b, 32, 125, 133",
  })
  void thePublishedShapesTakeWhatIsKnownOfThem(
      String size, int tiles, double vision, double prefill) {
    var work = published(size);
    int tokens = tiles * work.config().tokensPerTile() + 50;
    assertThat(work.visionFlops(tiles) / 1e12).isCloseTo(vision, within(0.05 + vision * 0.025));
    assertThat(work.prefillFlops(tokens) / 1e12).isCloseTo(prefill, within(0.05 + prefill * 0.035));
  }
}
