package io.plm4j.train;

import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.SettingsReader;
import io.plm4j.train.data.DataListener;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.Surroundings;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import javax.imageio.ImageIO;

/// A tiny model and four pictures of one colour each, in a folder, and runs that learn from them.
record TinyRun(Path folder) {
  private static final Surroundings AROUND =
      new Surroundings(Clock.systemUTC(), "here", 1, OptionalLong::empty);

  private enum Row {
    RED(224, 32, 32, "What is this?", "It is red."),
    BLUE(16, 96, 200, "Which color is it?", "Blue, like the sea."),
    GREEN(40, 160, 80, "Describe the picture.", "A green field, and nothing else."),
    YELLOW(250, 240, 120, "Is it bright?", "Yes.");

    private final int color;
    private final String question;
    private final String answer;

    Row(int red, int green, int blue, String question, String answer) {
      this.color = new Color(red, green, blue).getRGB();
      this.question = question;
      this.answer = answer;
    }

    void write(Path folder) throws IOException {
      var picture = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 60 * 40; i++) {
        picture.setRGB(i % 60, i / 60, color);
      }
      ImageIO.write(picture, "png", folder.resolve(name() + ".png").toFile());
    }

    String json() {
      return """
      {"image": "%s.png", "conversations": [{"from": "human", "value": "%s"}, {"from": "assistant", "value": "%s"}]}
      """
          .formatted(name(), question, answer);
    }
  }

  /// What a run did.
  record Ran(Outcome outcome, List<RunListener.Step> steps, List<Double> validation) {
    List<Double> losses() {
      return steps.stream().map(RunListener.Step::loss).toList();
    }

    List<Double> norms() {
      return steps.stream().map(RunListener.Step::gradientNorm).toList();
    }
  }

  static TinyRun write(Path folder) {
    TinyCheckpoint.write(folder.resolve("model"));
    try {
      var rows = new StringBuilder();
      for (var row : Row.values()) {
        row.write(folder);
        rows.append(row.json());
      }
      Files.writeString(folder.resolve("rows.jsonl"), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TinyRun(folder);
  }

  Path model() {
    return folder.resolve("model");
  }

  Path output(String name) {
    return folder.resolve(name);
  }

  /// @param more settings over those that all runs have: one thread, F32, two rows a step
  private FineTuneSettings settings(String name, String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "model=" + model(),
                "data=" + folder.resolve("rows.jsonl"),
                "output_dir=" + output(name),
                "per_device_train_batch_size=2",
                "learning_rate=1e-2",
                "warmup_steps=1",
                "bf16=false",
                "threads=1",
                "save_strategy=no",
                "logging_steps=1",
                "report_to=none"));
    words.addAll(List.of(more));
    return SettingsReader.read(words).settings();
  }

  Ran run(String name, String... more) {
    return run(name, _ -> false, more);
  }

  /// @param stop asked after each step with its number
  Ran run(String name, LongPredicate stop, String... more) {
    return run(name, stop, _ -> {}, more);
  }

  private Ran run(String name, LongPredicate stop, LongConsumer saved, String... more) {
    var settings = settings(name, more);
    var steps = new ArrayList<RunListener.Step>();
    var validation = new ArrayList<Double>();
    var listener =
        new RunListener() {
          @Override
          public void stepped(Step step) {
            steps.add(step);
          }

          @Override
          public void evaluated(long step, double epoch, double loss) {
            validation.add(loss);
          }

          @Override
          public void saved(long step, Path checkpoint) {
            saved.accept(step);
          }
        };
    try (var run = RunFolder.open(settings, AROUND)) {
      var all = RunListener.all(List.of(run.record(_ -> {}), listener));
      var outcome =
          new FineTuning(Path::of, DataListener.NONE)
              .run(settings, run, all, () -> !steps.isEmpty() && stop.test(steps.getLast().step()));
      return new Ran(outcome, steps, validation);
    }
  }

  /// The files of a folder by name.
  static SequencedMap<String, byte[]> files(Path folder) {
    var contents = new TreeMap<String, byte[]>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  /// A run in a process of its own: the folder, the run's name, and its settings.
  public static void main(String[] args) {
    var _ =
        new TinyRun(Path.of(args[0]))
            .run(
                args[1],
                _ -> false,
                step -> System.out.println("saved " + step),
                List.of(args).subList(2, args.length).toArray(String[]::new));
  }
}
