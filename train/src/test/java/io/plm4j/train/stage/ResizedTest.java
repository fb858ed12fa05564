package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.Listener;
import io.plm4j.media.MediaSettings;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResizedTest {
  private static final String POSITIONS = HfNames.TOWER + "pos_embed";

  @TempDir private static Path tiny;

  @BeforeAll
  static void write() {
    TinyCheckpoint.write(tiny);
  }

  private static Resized.Change size(int pixels) {
    return Resized.Change.NONE.withImageSize(pixels);
  }

  private static Path resize(Path to, int size) {
    try (var model = Resized.of(tiny, size(size), DType.F32)) {
      model.write(to, 1 << 30, _ -> {});
    }
    return to;
  }

  @Test
  void onlyThePositionsChange(@TempDir Path temp) {
    var before = PlmConfig.read(tiny);
    int size = before.vision().imageSize() * 2;
    var folder = resize(temp.resolve("large"), size);
    var after = PlmConfig.read(folder);
    assertThat(after.vision().imageSize()).isEqualTo(size);
    assertThat(MediaSettings.read(folder).image().tileSize()).isEqualTo(size);
    assertThat(MediaSettings.read(folder).video().size()).isEqualTo(size);
    for (var name : before.expectedTensors().keySet()) {
      if (!name.equals(POSITIONS)) {
        assertThat(StoredNumbers.of(folder, name)).as(name).isEqualTo(StoredNumbers.of(tiny, name));
      }
    }
    var tower = before.vision();
    assertThat(StoredNumbers.of(folder, POSITIONS))
        .isEqualTo(
            PositionTable.resize(
                StoredNumbers.of(tiny, POSITIONS),
                tower.width(),
                tower.classToken().count(),
                tower.gridSide(),
                2 * tower.gridSide()));
    try (var plm = Plm.load(folder, LoadOptions.DEFAULT.withThreads(1))) {
      assertThat(plm.config().tokensPerTile()).isEqualTo(4 * before.tokensPerTile());
    }
  }

  @Test
  void theSameSizeIsTheSameModel(@TempDir Path temp) {
    var folder = resize(temp.resolve("same"), PlmConfig.read(tiny).vision().imageSize());
    assertThat(StoredNumbers.of(folder, POSITIONS)).isEqualTo(StoredNumbers.of(tiny, POSITIONS));
  }

  @Test
  void anotherPoolingChangesNoNumber(@TempDir Path temp) {
    var before = PlmConfig.read(tiny);
    assertThat(before.poolingRatio()).isEqualTo(2);
    var folder = temp.resolve("unpooled");
    var change = Resized.Change.NONE.withPooling(1);
    try (var model = Resized.of(tiny, change, DType.F32)) {
      model.write(folder, 1 << 30, _ -> {});
    }
    for (var name : before.expectedTensors().keySet()) {
      assertThat(StoredNumbers.of(folder, name)).as(name).isEqualTo(StoredNumbers.of(tiny, name));
    }
    assertThat(MediaSettings.read(folder).poolingRatio()).isEqualTo(1);
    try (var plm = Plm.load(folder, LoadOptions.DEFAULT.withThreads(1))) {
      assertThat(plm.config().tokensPerTile()).isEqualTo(4 * before.tokensPerTile());
    }
  }

  /// By hand, for the patch in the third column of the second row.
  @Test
  void wavesAreAddedToThePositionsOfPatches(@TempDir Path temp) {
    var tower = PlmConfig.read(tiny).vision();
    var folder = temp.resolve("waves");
    var change = Resized.Change.NONE.withWaves(3);
    try (var model = Resized.of(tiny, change, DType.F32)) {
      model.write(folder, 1 << 30, _ -> {});
    }
    int width = tower.width();
    int side = tower.gridSide();
    float[] before = StoredNumbers.of(tiny, POSITIONS);
    float[] after = StoredNumbers.of(folder, POSITIONS);
    int kept = tower.classToken().count() * width;
    assertThat(Arrays.copyOf(after, kept)).isEqualTo(Arrays.copyOf(before, kept));
    int at = kept + (side + 2) * width;
    int waves = Math.min(5, width / 16);
    for (int i = 0; i < width; i++) {
      int wave = (i - (width - 4 * waves)) / 4;
      double turn = Math.PI * Math.pow(2, wave) / side;
      double added =
          i < width - 4 * waves
              ? 0
              : switch ((width - i) % 4) {
                case 0 -> 3 * Math.sin(turn * 2);
                case 3 -> 3 * Math.cos(turn * 2);
                case 2 -> 3 * Math.sin(turn);
                default -> 3 * Math.cos(turn);
              };
      assertThat(after[at + i])
          .as("number %d", i)
          .isCloseTo((float) (before[at + i] + added), within(1e-5f));
    }
  }

  private static PlmConfig expand(Path to, Resized.Change change) {
    try (var model = Resized.of(tiny, change, DType.F32)) {
      model.write(to, 1 << 30, _ -> {});
    }
    return PlmConfig.read(to);
  }

  private static List<float[]> scores(Path model) {
    try (var plm = Plm.load(model, LoadOptions.DEFAULT.withThreads(1))) {
      return plm.follow(Request.of("What is it?"), new int[] {5, 9, 7, 30}, Listener.NONE);
    }
  }

  /// LLaMA Pro's law: what was added says nothing, so that the answer is the same.
  @Test
  void aLargerDecoderAnswersAsTheSmallerOne(@TempDir Path temp) {
    var before = PlmConfig.read(tiny).decoder();
    int heads = before.heads();
    assertThat(heads).isGreaterThan(before.kvHeads());
    var folder = temp.resolve("larger");
    int layers = before.layers() + 1;
    var after = expand(folder, Resized.Change.NONE.withLayers(layers).withKvHeads(heads)).decoder();
    assertThat(after.layers()).isEqualTo(layers);
    assertThat(after.kvHeads()).isEqualTo(heads);
    var expected = scores(tiny);
    var found = scores(folder);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).as("token %d", i).containsExactly(expected.get(i), within(1e-5f));
    }
  }

  @Test
  void layersAreSpreadEvenly() {
    var decoder = PlmConfig.read(tiny).decoder();
    var expansion =
        Expansion.of(decoder, OptionalInt.of(3 * decoder.layers() / 2), OptionalInt.empty());
    assertThat(IntStream.range(0, 3).map(expansion::origin)).containsExactly(0, 1, 1);
  }

  @Test
  void aSizeThatPatchesDoNotFillIsRefused() {
    assertThatThrownBy(() -> Resized.of(tiny, size(57), DType.F32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("57");
  }
}
