package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.train.FineTuning;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.data.DataListener;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.Surroundings;
import io.plm4j.train.stage.StageFile.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesTest {
  private static final Surroundings AROUND =
      new Surroundings(Clock.systemUTC(), "here", 1, OptionalLong::empty);

  /// Two steps of two examples.
  private static final List<String> SHORT =
      List.of(
          "max_steps=2",
          "warmup_steps=1",
          "per_device_train_batch_size=1",
          "gradient_accumulation_steps=2",
          "bf16=false",
          "threads=1",
          "data.max_length=600",
          "learning_rate=1e-2",
          "logging_steps=1",
          "report_to=none");

  @TempDir private static Path shared;

  @BeforeAll
  static void writeModelAndData() throws IOException {
    TinyCheckpoint.write(shared.resolve("start"));
    ImageIO.write(
        new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB),
        "png",
        shared.resolve("picture.png").toFile());
    var rows = new StringBuilder();
    for (var answer : List.of("It is black.", "Nothing but night.", "A dark wall.")) {
      rows.append(
          """
          {"image": "picture.png", "conversations": [{"from": "human", "value": "What is this?"}, {"from": "assistant", "value": "%s"}]}
          """
              .formatted(answer));
    }
    Files.writeString(shared.resolve("rows.jsonl"), rows);
    Files.writeString(shared.resolve("datasets.yaml"), "dark: {annotation: rows.jsonl}\n");
  }

  private final List<String> told = new ArrayList<>();
  private final List<FineTuneSettings> run = new ArrayList<>();

  private final StageListener listener =
      new StageListener() {
        @Override
        public void skipped(int stage, Path result) {
          told.add("skipped " + stage);
        }

        @Override
        public void begins(int stage, FineTuneSettings settings, List<String> notes) {
          told.add("begins " + stage);
          run.add(settings);
        }

        @Override
        public void ended(int stage, Outcome outcome) {
          told.add("%s %d".formatted(outcome.stopped() ? "stopped" : "ended", stage));
        }
      };

  private static SequencedMap<Integer, StageFile> files(int... numbers) {
    var files = new LinkedHashMap<Integer, StageFile>();
    for (int number : numbers) {
      files.put(number, StageFile.published(Size.PLM_1B, number));
    }
    return files;
  }

  private Stages.End run(
      Path out, SequencedMap<Integer, StageFile> files, List<String> words, BooleanSupplier stop) {
    var stages = new Stages(out, new FineTuning(Path::of, DataListener.NONE), AROUND);
    return stages.run(
        shared.resolve("start"),
        files,
        Datasets.read(shared.resolve("datasets.yaml")),
        words,
        listener,
        stop);
  }

  @Test
  void eachStageGoesOnFromTheOneBeforeAndNoneIsRunTwice(@TempDir Path out) {
    var end = run(out, files(1, 2, 3), SHORT, () -> false);
    assertThat(told)
        .containsExactly("begins 1", "ended 1", "begins 2", "ended 2", "begins 3", "ended 3");
    assertThat(end.stopped()).isFalse();
    assertThat(PlmConfig.read(run.get(0).output().resolve("model")).poolingRatio()).isEqualTo(1);
    var config = PlmConfig.read(end.result());
    assertThat(config.poolingRatio()).isEqualTo(2);
    assertThat(run.get(2).model()).isEqualTo(run.get(1).output().resolve("model").toString());

    var start = shared.resolve("start");
    var first = run.getFirst().output().resolve("model");
    assertThat(changed(start, first)).isNotEmpty().allMatch(n -> n.startsWith(HfNames.PROJECTOR));
    assertThat(changed(first, end.result()))
        .anyMatch(n -> n.startsWith(HfNames.TOWER))
        .anyMatch(n -> n.startsWith(HfNames.DECODER));

    told.clear();
    assertThat(run(out, files(1, 2, 3), SHORT, () -> false)).isEqualTo(end);
    assertThat(told).containsExactly("skipped 1", "skipped 2", "skipped 3");
  }

  private static List<String> changed(Path before, Path after) {
    var config = PlmConfig.read(before);
    try (var one = PlmCheckpoint.open(before, config);
        var other = PlmCheckpoint.open(after, PlmConfig.read(after))) {
      return config.expectedTensors().keySet().stream()
          .filter(name -> one.data(name).mismatch(other.data(name)) >= 0)
          .toList();
    }
  }

  @Test
  void aStageThatStoppedGoesOnAndEndsAsIfItHadNot(@TempDir Path temp) {
    var whole = run(temp.resolve("whole"), files(1, 2), SHORT, () -> false);
    told.clear();
    var stopped = run(temp.resolve("parts"), files(1, 2), SHORT, () -> told.contains("begins 2"));
    assertThat(stopped.stopped()).isTrue();
    assertThat(told).endsWith("begins 2", "stopped 2");
    told.clear();
    var resumed = run(temp.resolve("parts"), files(1, 2), SHORT, () -> false);
    assertThat(told).containsExactly("skipped 1", "begins 2", "ended 2");
    assertThat(changed(whole.result(), resumed.result())).isEmpty();
  }

  @Test
  void gainsAreSetWhereAStageWantsThem(@TempDir Path out) throws IOException {
    var own =
        StageFile.read(
            Files.writeString(out.resolve("own.yaml"), "stage: {layer_scale_init: 0.25}\n"));
    var recipe = own.over(StageFile.published(Size.PLM_1B, 2)).recipe();
    var made = StageStart.prepare(shared.resolve("start"), recipe, out.resolve("made"));
    var gains =
        changed(shared.resolve("start"), made).stream()
            .filter(name -> !name.contains(".gamma_"))
            .toList();
    assertThat(gains).isEmpty();
    var config = PlmConfig.read(made);
    try (var checkpoint = PlmCheckpoint.open(made, config)) {
      var gamma = checkpoint.data(HfNames.TOWER + "blocks.1.gamma_2");
      assertThat(gamma.get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(0.25f);
    }
    assertThat(StageStart.prepare(shared.resolve("start"), recipe, out.resolve("made")))
        .isEqualTo(made);
  }

  @Test
  void aFinishedStageWithOtherSettingsIsNotTakenForThisOne(@TempDir Path out) {
    run(out, files(1), SHORT, () -> false);
    var words = new ArrayList<>(SHORT);
    words.add("seed=5");
    assertThatThrownBy(() -> run(out, files(1), words, () -> false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was finished with other settings");
  }

  @Test
  void aPoolingThatDoesNotFitIsRefused(@TempDir Path out) throws IOException {
    var own =
        StageFile.read(Files.writeString(out.resolve("own.yaml"), "stage: {pooling_ratio: 3}\n"));
    var files = new LinkedHashMap<Integer, StageFile>();
    files.put(2, own.over(StageFile.published(Size.PLM_1B, 2)));
    assertThatThrownBy(() -> run(out, files, SHORT, () -> false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("pooling_ratio 3 does not divide the 4 columns");
  }
}
