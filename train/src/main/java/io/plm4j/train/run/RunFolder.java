package io.plm4j.train.run;

import io.plm4j.error.InputException;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Resume;
import io.plm4j.train.config.SettingsYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// The folder of a run: `config.yaml`, `metrics.jsonl`, `loss.png`, TensorBoard's files in `runs`,
/// and the checkpoints. One run at a time has it.
public final class RunFolder implements AutoCloseable {
  private static final String CONFIG = "config.yaml";

  private final Path path;
  private final FineTuneSettings settings;
  private final Surroundings around;
  private final RunLock lock;
  private final CheckpointFolders checkpoints;
  private final Optional<Path> start;
  private final LogWindow window;
  private final List<RunRecorder> recorders = new ArrayList<>();

  private RunFolder(
      FineTuneSettings settings, Surroundings around, RunLock lock, Optional<Path> start) {
    this.path = settings.output();
    this.settings = settings;
    this.around = around;
    this.lock = lock;
    this.checkpoints = new CheckpointFolders(path);
    this.start = start;
    this.window = new LogWindow(settings.logging().steps(), settings.logging().firstStep());
  }

  /// Makes the folder of a run that begins, or opens that of one that goes on.
  ///
  /// @throws InputException if another run has it, if it holds a run and the settings do not say
  ///   that it goes on, or if they do and there is none
  public static RunFolder open(FineTuneSettings settings, Surroundings around) {
    var path = settings.output();
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new InputException("output_dir %s cannot be made: %s".formatted(path, e), e);
    }
    var lock = RunLock.take(path, around);
    try {
      var checkpoints = new CheckpointFolders(path);
      checkpoints.removeLeftovers();
      var start = start(settings, checkpoints);
      start.ifPresent(checkpoint -> requireNoneAfter(checkpoint, checkpoints));
      var folder = new RunFolder(settings, around, lock, start);
      start.ifPresent(checkpoint -> folder.window.restore(TrainerState.window(checkpoint)));
      DurableFiles.replace(path.resolve(CONFIG), SettingsYaml.of(settings));
      return folder;
    } catch (IOException e) {
      lock.close();
      throw new InputException("%s cannot be written to: %s".formatted(path, e), e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Optional<Path> start(FineTuneSettings settings, CheckpointFolders checkpoints) {
    return switch (settings.resume()) {
      case Resume.Never() -> {
        checkpoints
            .latest()
            .ifPresent(latest -> {
              throw new InputException(
                  "output_dir %s holds a run already, with %s. resume_from_checkpoint=true goes on with it; another output_dir begins a new one."
                      .formatted(settings.output(), latest.getFileName()));
            });
        yield Optional.empty();
      }
      case Resume.Latest() ->
          Optional.of(
              checkpoints
                  .latest()
                  .orElseThrow(() ->
                      new InputException(
                          "output_dir %s has no checkpoint to go on from. resume_from_checkpoint=auto begins where there is none."
                              .formatted(settings.output()))));
      case Resume.IfThere() -> checkpoints.latest();
      case Resume.From(Path checkpoint) -> {
        if (!Files.isRegularFile(checkpoint.resolve(TrainerState.FILE))) {
          throw new InputException(
              "resume_from_checkpoint: %s has no %s; name a folder such as checkpoint-250."
                  .formatted(checkpoint, TrainerState.FILE));
        }
        yield Optional.of(checkpoint);
      }
    };
  }

  /// A later checkpoint would be taken for one that is about to be made.
  private static void requireNoneAfter(Path checkpoint, CheckpointFolders checkpoints) {
    long step = TrainerState.read(checkpoint).step();
    var steps = checkpoints.steps();
    if (!steps.isEmpty() && steps.getLast() > step) {
      throw new InputException(
          "%s is later than %s, from which the run is to go on. Move it away, or name another output_dir."
              .formatted(checkpoints.path(steps.getLast()), checkpoint));
    }
  }

  public Path path() {
    return path;
  }

  public CheckpointFolders checkpoints() {
    return checkpoints;
  }

  /// The checkpoint that the run goes on from; empty where it begins.
  public Optional<Path> start() {
    return start;
  }

  /// Begins to write down what happens: to `metrics.jsonl`, which loses what it has of steps after
  /// the start, to TensorBoard's files, and to the plot.
  ///
  /// @param watcher shown every line that is written, on the thread that trains
  public RunListener record(Consumer<RunEntry> watcher) {
    long step = start.map(checkpoint -> TrainerState.read(checkpoint).step()).orElse(0L);
    var metrics = new MetricsFile(path, around.clock());
    var plot = new LossPlot(path, String.valueOf(path.toAbsolutePath().normalize().getFileName()));
    metrics.keepUntil(step).forEach(plot::add);
    var recorder = new RunRecorder(metrics, events(step), plot, window, around, watcher);
    recorders.add(recorder);
    return recorder;
  }

  private Optional<EventFile> events(long step) {
    if (!settings.logging().tensorboard()) {
      return Optional.empty();
    }
    var logs = settings.logging().folder().orElse(path.resolve("runs"));
    var events = EventFile.create(logs, around);
    if (step > 0) {
      events.forgetFrom(step + 1);
    }
    events.text(step, "args", "```yaml\n%s```".formatted(SettingsYaml.of(settings)));
    return Optional.of(events);
  }

  /// Writes the checkpoint of a step, and removes those that are no longer to be kept.
  ///
  /// @param writer puts weights and moments into the folder that it is given
  /// @return its folder
  /// @throws InputException if it cannot be written; the earlier ones stay
  public Path save(TrainerState state, Consumer<Path> writer) {
    var saved =
        checkpoints.save(
            state.step(),
            folder -> {
              writer.accept(folder);
              state.write(folder, window.state());
            });
    var best = state.best();
    checkpoints.rotate(
        settings.saving(),
        best.isPresent() ? OptionalLong.of(best.get().step()) : OptionalLong.empty());
    return saved;
  }

  /// Writes what the run was for. An earlier one with other contents is moved aside.
  ///
  /// @param name of its folder in the run's
  /// @param writer fills the folder that it is given
  /// @return where it is
  /// @throws InputException if it cannot be written; an earlier one stays
  public Path result(String name, Consumer<Path> writer) {
    return new ResultFolder(path.resolve(name)).write(writer);
  }

  /// Lets the folder go.
  @Override
  public void close() {
    recorders.forEach(RunRecorder::close);
    lock.close();
  }
}
