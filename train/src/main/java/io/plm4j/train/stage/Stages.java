package io.plm4j.train.stage;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.json.PrettyJson;
import io.plm4j.train.config.SettingsReader;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.Surroundings;
import io.plm4j.train.run.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/// Runs stages one after another, each on the result of the one before. A stage that is finished is
/// not run again, and one that stopped half-way goes on.
///
/// The folder gets `stage-1`, `stage-2`, `stage-3`, which are the folders of runs, with the
/// settings of each in `stage-1.yaml` and so on, and `stage-1.finished.json` when it is.
public final class Stages {
  private final Path out;
  private final Training training;
  private final Surroundings around;

  public Stages(Path out, Training training, Surroundings around) {
    this.out = out;
    this.training = training;
    this.around = around;
  }

  /// How far it came.
  ///
  /// @param stage the last one that was run
  /// @param result the model to use, or the checkpoint to go on from
  /// @param stopped whether it was asked to stop before the end
  public record End(int stage, Path result, boolean stopped) {}

  /// Runs them.
  ///
  /// @param model a folder of Hugging Face's layout, to start from
  /// @param stages settings by the stages' numbers, in order
  /// @param words settings as `max_steps=100` that hold for all of them, before those of the files
  /// @param stopRequested asked after each optimiser step
  /// @throws InputException if settings, model or data cannot be used, or a stage was finished with
  ///   other settings
  public End run(
      Path model,
      SequencedMap<Integer, StageFile> stages,
      Datasets datasets,
      List<String> words,
      StageListener listener,
      BooleanSupplier stopRequested) {
    var current = model;
    int last = 0;
    for (var entry : stages.entrySet()) {
      int number = entry.getKey();
      last = number;
      var stage = new Stage(number, entry.getValue(), current);
      var text = stage.file().run(stage.start(), stage.folder(), datasets);
      if (stage.isFinished()) {
        stage.requireSame(text, words);
        current = stage.result();
        listener.skipped(number, current);
        continue;
      }
      var outcome = run(stage, text, words, listener, stopRequested);
      listener.ended(number, outcome);
      if (outcome.stopped()) {
        return new End(number, outcome.result(), true);
      }
      stage.finish(outcome, text, words);
      current = outcome.result();
    }
    return new End(last, current, false);
  }

  /// The files of the stages' runs, without running them. What they name as the model of a stage is
  /// where its result will be.
  public List<String> settings(
      Path model, SequencedMap<Integer, StageFile> stages, Datasets datasets) {
    var files = new ArrayList<String>();
    var current = model;
    for (var entry : stages.entrySet()) {
      var folder = out.resolve("stage-" + entry.getKey());
      files.add(entry.getValue().run(current, folder, datasets));
      current = folder.resolve("model");
    }
    return files;
  }

  private Outcome run(
      Stage stage,
      String text,
      List<String> words,
      StageListener listener,
      BooleanSupplier stopRequested) {
    write(stage.settings(), text);
    var resolved = SettingsReader.read(stage.settings(), words);
    var _ = StageStart.prepare(stage.model(), stage.file().recipe(), stage.made());
    listener.begins(stage.number(), resolved.settings(), resolved.notes());
    try (var folder = RunFolder.open(resolved.settings(), around)) {
      return training.run(
          resolved.settings(), folder, listener.listener(stage.number(), folder), stopRequested);
    }
  }

  private static void write(Path file, String text) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  /// One of them, and its places.
  private final class Stage {
    private final int number;
    private final StageFile file;
    private final Path model;

    Stage(int number, StageFile file, Path model) {
      this.number = number;
      this.file = file;
      this.model = model;
    }

    int number() {
      return number;
    }

    StageFile file() {
      return file;
    }

    Path model() {
      return model;
    }

    Path folder() {
      return out.resolve("stage-" + number);
    }

    Path settings() {
      return out.resolve("stage-" + number + ".yaml");
    }

    /// Where a model is put that had to be changed before the stage.
    Path made() {
      return out.resolve("start-" + number);
    }

    private Path finished() {
      return out.resolve("stage-" + number + ".finished.json");
    }

    /// The model that the stage is told to start from.
    Path start() {
      return StageStart.isAsWanted(model, file.recipe()) ? model : made();
    }

    boolean isFinished() {
      return Files.isRegularFile(finished());
    }

    Path result() {
      return out.resolve(JsonObject.read(finished()).text("result"));
    }

    void finish(Outcome outcome, String text, List<String> words) {
      var json = new LinkedHashMap<String, Object>();
      json.put("result", relative(outcome.result()));
      json.put("steps", outcome.steps());
      json.put("words", String.join(" ", words));
      json.put("settings", text);
      PrettyJson.write(finished(), json);
      StageStart.removeIfThere(made());
    }

    private String relative(Path result) {
      var from = out.toAbsolutePath().normalize();
      var to = result.toAbsolutePath().normalize();
      return to.startsWith(from) ? from.relativize(to).toString() : to.toString();
    }

    /// The stages after it would go on from something else than what is asked for.
    void requireSame(String text, List<String> words) {
      var json = JsonObject.read(finished());
      boolean same =
          json.text("settings").equals(text) && json.text("words").equals(String.join(" ", words));
      if (!same) {
        throw new InputException(
            "%s was finished with other settings, which %s holds. Give the same ones, another --out, or remove what is of stages %d and later."
                .formatted(folder(), finished(), number));
      }
    }
  }
}
