package io.plm4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunFolderTest {
  private static final Surroundings AROUND =
      new Surroundings(
          Clock.fixed(Instant.parse("2026-11-23T07:21:09.5Z"), ZoneOffset.UTC),
          "box",
          17,
          () -> OptionalLong.of(2_000_000_000));

  @TempDir private Path temp;

  private FineTuneSettings settings(String... more) {
    var words =
        new ArrayList<>(List.of("model=m", "data=t.jsonl", "output_dir=" + temp.resolve("run")));
    words.add("logging_steps=2");
    words.addAll(List.of(more));
    return SettingsReader.read(words).settings();
  }

  private static RunListener.Step step(long step) {
    return new RunListener.Step(step, step / 10.0, 4.0 / step, 1.5, 1e-4, 100, 0.5, 0.1);
  }

  private static TrainerState state(long step) {
    return new TrainerState(
        step,
        step / 10.0,
        10,
        Optional.of(new TrainerState.Best(2, 0.25)),
        "{\"row\":" + step + "}",
        "seed 7");
  }

  /// Trains steps `from` to `to`, and saves after the last.
  private static void train(RunFolder folder, RunListener listener, long from, long to) {
    for (long step = from; step <= to; step++) {
      listener.stepped(step(step));
      if (step % 4 == 0) {
        listener.evaluated(step, step / 10.0, 1.0 / step);
      }
    }
    listener.saved(to, folder.save(state(to), _ -> {}));
  }

  private List<JsonNode> metrics() throws IOException {
    return Files.readAllLines(temp.resolve("run/metrics.jsonl")).stream()
        .map(line -> new JsonMapper().readTree(line))
        .toList();
  }

  @Test
  void aLineHasTheMeanOfTheStepsSinceTheOneBefore() throws IOException {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      train(folder, folder.record(_ -> {}), 1, 4);
    }
    assertThat(Files.readAllLines(temp.resolve("run/metrics.jsonl")))
        .containsExactly(
            "{\"step\":2,\"epoch\":0.2,\"loss\":3.0,\"grad_norm\":1.5,\"learning_rate\":1.0E-4,\"tokens_per_second\":200.0,\"seconds\":1.0,\"data_seconds\":0.2,\"memory\":2000000000,\"created_at\":\"2026-11-23T07:21:09.500Z\"}",
            "{\"step\":4,\"epoch\":0.4,\"loss\":1.1666666666666665,\"grad_norm\":1.5,\"learning_rate\":1.0E-4,\"tokens_per_second\":200.0,\"seconds\":1.0,\"data_seconds\":0.2,\"memory\":2000000000,\"created_at\":\"2026-11-23T07:21:09.500Z\"}",
            "{\"step\":4,\"epoch\":0.4,\"eval_loss\":0.25,\"created_at\":\"2026-11-23T07:21:09.500Z\"}");
  }

  @Test
  void aRunThatStoppedAndWentOnReadsAsIfItHadNot() throws IOException {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      var listener = folder.record(_ -> {});
      train(folder, listener, 1, 5); // in the middle of a line's steps
      listener.stepped(step(6)); // lost: after the checkpoint
      listener.evaluated(6, 0.6, 9);
      listener.finished(6, 3);
    }
    Files.writeString(
        temp.resolve("run/metrics.jsonl"),
        Files.readString(temp.resolve("run/metrics.jsonl")) + "{\"step\":8,\"lo");
    try (var folder = RunFolder.open(settings("resume_from_checkpoint=true"), AROUND)) {
      assertThat(folder.start()).contains(temp.resolve("run/checkpoint-5"));
      assertThat(TrainerState.read(folder.start().orElseThrow())).isEqualTo(state(5));
      train(folder, folder.record(_ -> {}), 6, 8);
    }
    var stopped = metrics();
    var whole = settings("output_dir=" + temp.resolve("whole"));
    try (var folder = RunFolder.open(whole, AROUND)) {
      train(folder, folder.record(_ -> {}), 1, 8);
    }
    assertThat(temp.resolve("run/metrics.jsonl"))
        .hasSameTextualContentAs(temp.resolve("whole/metrics.jsonl"));
    assertThat(stopped).hasSize(6);
  }

  @Test
  void aFolderWithARunIsNotBegunAnew() {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      train(folder, folder.record(_ -> {}), 1, 4);
    }
    assertThatThrownBy(() -> RunFolder.open(settings(), AROUND))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("run holds a run already, with checkpoint-4.")
        .hasMessageContaining("resume_from_checkpoint=true goes on with it");
    assertThatThrownBy(() ->
            RunFolder.open(
                settings("output_dir=" + temp.resolve("new"), "resume_from_checkpoint=true"),
                AROUND))
        .hasMessageContaining("has no checkpoint to go on from");
    assertThatThrownBy(() -> RunFolder.open(settings("resume_from_checkpoint=" + temp), AROUND))
        .hasMessageContaining("has no trainer_state.json");
    var later = settings("resume_from_checkpoint=" + temp.resolve("run/checkpoint-4"));
    try (var folder =
        RunFolder.open(settings("resume_from_checkpoint=auto", "save_total_limit="), AROUND)) {
      train(folder, folder.record(_ -> {}), 5, 6);
    }
    assertThatThrownBy(() -> RunFolder.open(later, AROUND))
        .hasMessageContaining("checkpoint-6 is later than");
  }

  @Test
  void oneRunAtATimeHasTheFolder() {
    try (var _ = RunFolder.open(settings(), AROUND)) {
      assertThatThrownBy(() -> RunFolder.open(settings(), AROUND))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("run is in use by another run, process 17 on box.");
    }
    RunFolder.open(settings(), AROUND).close();
  }

  @Test
  void theSettingsAreKeptAndReadAgain() {
    var settings = settings("learning_rate=3e-5", "adapter=lora");
    RunFolder.open(settings, AROUND).close();
    assertThat(SettingsReader.read(temp.resolve("run/config.yaml"), List.of()).settings())
        .isEqualTo(settings);
  }

  @Test
  void theCurvesAreDrawn() throws IOException {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      var listener = folder.record(_ -> {});
      train(folder, listener, 1, 40);
      listener.finished(40, 20);
    }
    var plot = ImageIO.read(temp.resolve("run/loss.png").toFile());
    assertThat(plot.getWidth()).isEqualTo(1000);
    assertThat(plot.getHeight()).isEqualTo(600);
    assertThat(metrics().getLast().get("train_steps_per_second").doubleValue()).isEqualTo(2);
  }

  @Test
  void tensorBoardIsToldTheSame() throws IOException {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      var listener = folder.record(_ -> {});
      train(folder, listener, 1, 4);
      listener.answered(4, "What is it?", "A câté.");
    }
    try (var folder =
        RunFolder.open(
            settings("resume_from_checkpoint=true", "logging_dir=" + temp.resolve("logs")),
            AROUND)) {
      train(folder, folder.record(_ -> {}), 5, 6);
    }
    var first = events(temp.resolve("run/runs/Nov23_07-21-09_box"));
    assertThat(first.getFirst().text(3)).isEqualTo("brain.Event:2");
    assertThat((double) first.getFirst().all(1).getFirst()).isEqualTo(1795418469.5);
    var scalars = first.get(2);
    assertThat(scalars.number(2)).isEqualTo(2);
    var values =
        scalars.message(5).all(1).stream()
            .map(value -> EventReader.Message.parse((byte[]) value))
            .toList();
    assertThat(values)
        .extracting(value -> value.text(1))
        .containsExactly(
            "train/loss",
            "train/grad_norm",
            "train/learning_rate",
            "train/epoch",
            "train/tokens_per_second");
    assertThat(values.getFirst().all(2)).containsExactly(3f);
    var answer = first.getLast().message(5).message(1);
    assertThat(answer.text(1)).isEqualTo("samples/text_summary");
    assertThat(answer.message(9).message(1).text(1)).isEqualTo("text");
    assertThat(answer.message(8).text(8)).isEqualTo("**What is it?**\n\nA câté.");
    var second = events(temp.resolve("logs/Nov23_07-21-09_box"));
    assertThat(second.get(1).number(2)).isEqualTo(5);
    assertThat(second.get(1).message(7).number(1)).isEqualTo(1);
  }

  private static List<EventReader.Message> events(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      var file = files.findFirst().orElseThrow();
      assertThat(file).hasFileName("events.out.tfevents.1795418469.box.17.0");
      return EventReader.read(Files.readAllBytes(file));
    }
  }

  @Test
  void nobodyWhoWantsNoTensorBoardGetsIt() {
    try (var folder = RunFolder.open(settings("report_to=none"), AROUND)) {
      folder.record(_ -> {});
    }
    assertThat(temp.resolve("run/runs")).doesNotExist();
  }

  @Test
  void aDamagedStateIsRefused() throws IOException {
    try (var folder = RunFolder.open(settings(), AROUND)) {
      train(folder, folder.record(_ -> {}), 1, 4);
    }
    var file = temp.resolve("run/checkpoint-4/trainer_state.json");
    Files.writeString(
        file, Files.readString(file).replace("\"global_step\": 4", "\"global_step\": 4.5"));
    assertThatThrownBy(() -> RunFolder.open(settings("resume_from_checkpoint=true"), AROUND))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("global_step is 4.5; wanted a whole number");
    Files.writeString(file, Files.readString(file).substring(0, 30));
    assertThatThrownBy(() -> RunFolder.open(settings("resume_from_checkpoint=true"), AROUND))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not valid JSON");
  }
}
