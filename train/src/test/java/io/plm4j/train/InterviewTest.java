package io.plm4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.train.config.SettingsReader;
import io.plm4j.train.data.DataListener;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.Surroundings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterviewTest {
  private static final Surroundings AROUND =
      new Surroundings(
          Clock.fixed(Instant.parse("2026-02-01T10:00:00Z"), ZoneOffset.UTC),
          "box",
          1,
          OptionalLong::empty);

  @TempDir private Path temp;
  private Path model = Path.of("");
  private Path lessons = Path.of("");
  private Path examination = Path.of("");

  @BeforeEach
  void write() throws IOException {
    model = temp.resolve("model");
    TinyCheckpoint.write(model);
    var picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(7, 7, 0xFF8800);
    ImageIO.write(picture, "png", temp.resolve("a.png").toFile());
    lessons = rows("lessons.jsonl", "Where is the ship?", "What is this?", "Who counts?");
    examination = rows("examination.jsonl", "How many ships are there?", "What else?");
  }

  /// Every second one has a picture.
  private Path rows(String name, String... questions) throws IOException {
    var lines = new ArrayList<String>();
    for (var question : questions) {
      var image = lines.size() % 2 == 1 ? "\"image\": \"a.png\", " : "";
      lines.add(
          "{%s\"question\": \"%s\", \"answer\": \"The keeper of the light.\"}"
              .formatted(image, question));
    }
    return Files.write(temp.resolve(name), lines);
  }

  private record Heard(long step, String question, String answer) {}

  /// What a run tells.
  private record Run(Outcome outcome, List<Double> losses, List<Heard> answers) {}

  private Run run(String name, String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "model=" + model,
                "data=" + lessons,
                "output_dir=" + temp.resolve(name),
                "bf16=false",
                "max_steps=4",
                "per_device_train_batch_size=2",
                "warmup_steps=0",
                "learning_rate=0.01",
                "report_to=none"));
    words.addAll(List.of(more));
    var settings = SettingsReader.read(words).settings();
    var losses = new ArrayList<Double>();
    var answers = new ArrayList<Heard>();
    var listener =
        new RunListener() {
          @Override
          public void stepped(Step step) {
            losses.add(step.loss());
            losses.add(step.gradientNorm());
          }

          @Override
          public void evaluated(long step, double epoch, double loss) {
            losses.add(loss);
          }

          @Override
          public void answered(long step, String question, String answer) {
            answers.add(new Heard(step, question, answer));
          }
        };
    try (var folder = RunFolder.open(settings, AROUND)) {
      var outcome =
          new FineTuning(Path::of, DataListener.NONE).run(settings, folder, listener, () -> false);
      return new Run(outcome, losses, answers);
    }
  }

  private String[] examined(String mode, int count) {
    var words =
        new ArrayList<>(
            List.of(
                "data.validation.sources=[%s]".formatted(examination),
                "eval_strategy=steps",
                "eval_steps=2",
                "samples.count=" + count,
                "samples.max_new_tokens=6"));
    if (!mode.equals("full")) {
      words.addAll(List.of("adapter.mode=" + mode, "adapter.r=4", "adapter.lora_dropout=0.1"));
    }
    return words.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "lora", "dora", "qlora"})
  void askingChangesNothing(String mode) {
    var asked = run("asked", examined(mode, 2));
    var unasked = run("unasked", examined(mode, 0));

    assertThat(asked.losses()).hasSize(10).isEqualTo(unasked.losses());
    assertThat(unasked.answers()).isEmpty();
    assertThat(asked.answers())
        .extracting(heard -> heard.step() + " " + heard.question())
        .containsExactly(
            "2 How many ships are there?",
            "2 What else?",
            "4 How many ships are there?",
            "4 What else?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "lora", "dora"})
  void theAnswerIsThatOfTheModelAsItIsThen(String mode) {
    var run = run("run", examined(mode, 1));

    var options = LoadOptions.DEFAULT.withType(DType.F32);
    var result = run.outcome().result();
    try (var taught =
            mode.equals("full")
                ? Plm.load(result, options)
                : Plm.load(model, options.withAdapter(result));
        var untaught = Plm.load(model, options)) {
      assertThat(run.answers().getLast().answer()).isEqualTo(answer(taught));
      assertThat(run.answers().getLast().answer()).isNotEqualTo(answer(untaught));
    }
  }

  private static String answer(Plm plm) {
    var request =
        Request.of("How many ships are there?")
            .withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(6));
    return plm.ask(request, Listener.NONE).text();
  }

  @Test
  void withoutValidationTheFirstLessonsAreAsked() {
    var run = run("run", "samples.count=2", "eval_steps=4", "data.labels=card");

    assertThat(run.answers())
        .extracting(Heard::question)
        .containsExactly("Where is the ship?", "What is this?");
  }
}
