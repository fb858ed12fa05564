package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.media.VisionInput;
import io.plm4j.testkit.Mutant;
import io.plm4j.train.config.Every;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Length;
import io.plm4j.train.config.Method;
import io.plm4j.train.config.Optimizer;
import io.plm4j.train.config.Precision;
import io.plm4j.train.config.Resume;
import io.plm4j.train.config.Seeds;
import io.plm4j.train.config.SettingsReader;
import io.plm4j.train.data.Format;
import io.plm4j.train.data.Labels;
import io.plm4j.train.data.Order;
import io.plm4j.train.learn.Memory;
import io.plm4j.train.learn.Part;
import io.plm4j.train.schedule.OriginalSchedule;
import io.plm4j.train.schedule.WarmUp;
import io.plm4j.train.stage.StageFile.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageFileTest {
  @TempDir private Path folder;

  private Datasets datasets() throws IOException {
    return Datasets.read(
        Files.writeString(
            folder.resolve("datasets.yaml"),
            "charts: {annotation: charts/a.jsonl, root_dir: pictures}\nclips: {annotation: clips}\n"));
  }

  private FineTuneSettings settings(StageFile file) throws IOException {
    var text = file.run(Path.of("start"), Path.of("out"), datasets());
    var resolved = SettingsReader.parse("run", text.getBytes(StandardCharsets.UTF_8));
    assertThat(resolved.notes()).isEmpty();
    return resolved.settings();
  }

  /// The table of the published values, from the authors' own stage configurations.
  @ParameterizedTest
  @CsvSource({
    "PLM_1B, 1, 8000,  1e-4, 20,  0.01, 16, 512,  1280,  1, 0, 8",
    "PLM_3B, 1, 8000,  1e-4, 20,  0.01, 16, 512,  1280,  1, 0, 8",
    "PLM_8B, 1, 8000,  1e-4, 20,  0.05, 16, 512,  1280,  1, 0, 8",
    "PLM_1B, 2, 35000, 4e-5, 120, 0.01, 4,  2048, 6144,  2, 16, 16",
    "PLM_3B, 2, 35000, 4e-5, 120, 0.01, 4,  2048, 6144,  2, 16, 16",
    "PLM_8B, 2, 35000, 4e-5, 120, 0.05, 2,  2048, 6144,  2, 16, 16",
    "PLM_1B, 3, 21000, 4e-5, 120, 0.01, 2,  1024, 11520, 2, 36, 32",
    "PLM_3B, 3, 21000, 4e-5, 120, 0.01, 2,  1024, 11520, 2, 36, 32",
    "PLM_8B, 3, 21000, 1e-5, 120, 0.05, 2,  1024, 11520, 2, 36, 32",
  })
  void publishedValuesAreThosePublished(
      Size size,
      int number,
      long steps,
      double rate,
      long warmUp,
      double decay,
      int batch,
      int globalBatch,
      int length,
      int pooling,
      int tiles,
      int frames)
      throws IOException {
    var file = StageFile.published(size, number);
    var settings = settings(file);
    boolean first = number == 1;
    assertThat(file.number()).hasValue(number);
    // No layer_scale_init: docs/decisions/0041 says why the published 0.1 is not taken.
    assertThat(file.recipe()).isEqualTo(new Recipe(pooling, OptionalDouble.empty()));
    assertThat(settings.length()).isEqualTo(new Length.Steps(steps));
    assertThat(settings.learningRate().peak()).isEqualTo(rate);
    assertThat(settings.learningRate().schedule())
        .isEqualTo(new OriginalSchedule.Cosine(0.01, 1, 1));
    assertThat(settings.learningRate().warmUp()).isEqualTo(new WarmUp.Steps(warmUp));
    assertThat(settings.optimizer())
        .isEqualTo(
            new Optimizer(Optimizer.Kind.ADAMW, decay, Optimizer.Decay.ALL, 0.9, 0.95, 1e-8, 1));
    assertThat(settings.batches().perDevice()).isEqualTo(batch);
    assertThat(batch * settings.batches().accumulation()).isEqualTo(globalBatch);
    var frozen = first ? Set.of(Part.VISION, Part.LANGUAGE) : Set.<Part>of();
    assertThat(settings.method()).isEqualTo(new Method.Full(frozen));
    assertThat(settings.dropPath()).isEqualTo(first ? 0 : 0.1);
    assertThat(settings.precision()).isEqualTo(Precision.BF16);
    assertThat(settings.memory()).isEqualTo(Memory.RECOMPUTE);
    assertThat(settings.seeds()).isEqualTo(new Seeds(777, 777));
    assertThat(settings.saving().every()).isEqualTo(new Every.Steps(500));
    assertThat(settings.saving().limit()).isEqualTo(OptionalInt.of(1));
    assertThat(settings.logging().steps()).isEqualTo(10);
    assertThat(settings.resume()).isEqualTo(new Resume.IfThere());
    var data = settings.data();
    assertThat(data.maxLength()).hasValue(length);
    assertThat(data.format()).isEqualTo(first ? Format.WARMUP : Format.CHAT);
    assertThat(data.labels()).isEqualTo(Labels.PLM);
    assertThat(data.order()).isEqualTo(Order.SEQUENTIAL);
    assertThat(data.packing()).isFalse();
    assertThat(data.media().vision())
        .isEqualTo(first ? VisionInput.VANILLA : VisionInput.THUMB_AND_TILES);
    assertThat(data.media().maxTiles().orElse(0)).isEqualTo(tiles);
    assertThat(data.media().frames()).hasValue(frames);
  }

  @Test
  void aFileOfOnesOwnComesFirst() throws IOException {
    var own =
        StageFile.read(
            Files.writeString(
                folder.resolve("own.yaml"),
                """
                stage: {pooling_ratio: 4, layer_scale_init: 0.1, datamix: "charts:3, clips:1"}
                max_steps: 7
                data: {num_frames: 4}
                """));
    assertThat(own.number()).isEmpty();
    var file = own.over(StageFile.published(Size.PLM_1B, 3));
    assertThat(file.recipe()).isEqualTo(new Recipe(4, OptionalDouble.of(0.1)));
    var settings = settings(file);
    assertThat(settings.length()).isEqualTo(new Length.Steps(7));
    assertThat(settings.data().media().frames()).hasValue(4);
    assertThat(settings.data().media().maxTiles()).hasValue(36);
    var sources = settings.data().sources();
    assertThat(sources).extracting(s -> s.weight().getAsDouble()).containsExactly(3.0, 1.0);
    assertThat(sources.getFirst().path()).isEqualTo(folder.resolve("charts/a.jsonl"));
    assertThat(sources.getFirst().root()).contains(folder.resolve("pictures"));
    assertThat(sources.getLast().root()).isEmpty();
  }

  @Test
  void withoutAMixtureEachRowIsTakenOnceInAPass() throws IOException {
    var sources = settings(StageFile.published(Size.PLM_1B, 1)).data().sources();
    assertThat(sources).hasSize(2).allMatch(source -> source.weight().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stage: {pooling: 2} | unknown: stage.pooling",
        "stage: {pooling_ratio: 0} | stage.pooling_ratio",
        "stage: {number: 4} | stage.number",
        "data: {sources: [a.jsonl]} | data has sources of its own",
        "model: somewhere | model is not for a stage to say",
        "adapter: lora | adapter is not for a stage to say",
        "- 1 | wanted settings",
        "max_steps: {1 | is no YAML",
      })
  void mistakesAreExplained(String text, String message) throws IOException {
    var file = Files.writeString(folder.resolve("own.yaml"), text);
    assertThatThrownBy(() -> StageFile.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("own.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "charts | wanted name:weight",
        "charts:1,charts:2 | it is there twice",
        "words:1 | has only charts, clips",
        "charts:0 | the weight must be a number above 0",
        "charts:many | the weight must be a number above 0",
      })
  void mixturesThatCannotBeDrawnFromAreRefused(String mix, String message) throws IOException {
    var datasets = datasets();
    assertThatThrownBy(() -> datasets.mix(mix, "here"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("here")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | names no data",
        "charts: {root_dir: a} | annotation is absent",
        "charts: {annotation: a, weight: 2} | annotation and root_dir are all that there is",
        "charts: a.jsonl | wanted an object",
      })
  void dataThatCannotBeFoundIsRefused(String text, String message) throws IOException {
    var file = Files.writeString(folder.resolve("datasets.yaml"), text);
    assertThatThrownBy(() -> Datasets.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void damagedFilesEndInAMessage() throws IOException {
    var random = new Random(3);
    var datasets = datasets();
    var intact =
        "stage: {number: 2, pooling_ratio: 2, datamix: \"charts:3,clips:1\"}\nmax_steps: 5\n"
            + "data: {max_length: 100, num_frames: 3}\nfreeze: [vision]\n";
    for (int i = 0; i < Mutant.cases(200); i++) {
      var text = Mutant.ofJson(intact, random).replace("\uD800", "");
      try {
        var file = StageFile.read(Files.writeString(folder.resolve("own.yaml"), text));
        var run =
            file.over(StageFile.published(Size.PLM_1B, 2))
                .run(Path.of("start"), Path.of("out"), datasets);
        SettingsReader.parse("run", run.getBytes(StandardCharsets.UTF_8));
      } catch (InputException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }
}
