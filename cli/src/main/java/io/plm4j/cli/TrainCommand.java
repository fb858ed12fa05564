package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.Training;
import io.plm4j.train.stage.Datasets;
import io.plm4j.train.stage.StageFile;
import io.plm4j.train.stage.StageFile.Size;
import io.plm4j.train.stage.StageListener;
import io.plm4j.train.stage.Stages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `plm train`: the three stages in which a Perception Language Model comes to be.
@Command(
    name = "train",
    description = {
      "Train a model in three stages, each on the result of the one before: the projector alone,",
      "then everything on much synthetic data, then everything on data that people looked through."
    },
    footer = {
      "",
      "The same command goes on where it was stopped: stages that are finished are not run again.",
      "Ctrl-C and SIGTERM save a checkpoint and end; twice they end at once."
    })
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "The model to start from, as plm assemble makes it: a folder, or owner/name.")
  private String model = "";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The data by names, in YAML: name: {annotation: rows.jsonl, root_dir: folder}.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Gets stage-1, stage-2 and stage-3, the folders of the stages' runs.")
  private Path out = Path.of("");

  @Option(
      names = "--stages",
      paramLabel = "N,N",
      split = ",",
      description = "Which stages to run. Default: 1,2,3.")
  private List<Integer> numbers = List.of(1, 2, 3);

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = SizeName.class,
      description = "Whose published settings are taken: 1b (the default), 3b or 8b.")
  private Size size = Size.PLM_1B;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "Settings of your own, before the published ones. With stage: {number: 2} they are for",
        "that stage only. May be given several times, the later ones first."
      })
  private List<Path> configs = new ArrayList<>();

  @Option(
      names = "--print-config",
      description = "Print the settings of each stage as YAML, and do no more.")
  private boolean printConfig;

  @Mixin private final TrainingMemory memory = new TrainingMemory();

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Settings for all stages, before all others: max_steps=100 threads=8.")
  private List<String> words = new ArrayList<>();

  private final Context context;
  private final Supplier<Training> training;

  TrainCommand(Context context, Supplier<Training> training) {
    this.context = context;
    this.training = training;
  }

  @Override
  public Integer call() {
    var files = files();
    var datasets = Datasets.read(data);
    var stages = new Stages(out, training.get(), context.surroundings());
    var start = ModelOptions.ModelFolder.path(model, context);
    if (printConfig) {
      stages.settings(start, files, datasets).forEach(context.terminal().out()::print);
      return ExitCode.OK;
    }
    var interrupt = context.interrupt();
    try (var _ =
        interrupt.beginPatient(
            () -> say("stopping after this step, with a checkpoint; once more ends at once"))) {
      var end = stages.run(start, files, datasets, words, new Display(), interrupt::requested);
      if (end.stopped()) {
        say("stopped in stage %d. The same command goes on.".formatted(end.stage()));
        return interrupt.exitCode();
      }
      context.terminal().out().println(end.result());
      return ExitCode.OK;
    } finally {
      context.terminal().progress().clear();
    }
  }

  /// The settings by stage: what the user has over what is published.
  private SequencedMap<Integer, StageFile> files() {
    var wanted = new TreeSet<>(numbers);
    if (wanted.isEmpty() || wanted.first() < 1 || wanted.last() > 3) {
      throw new InputException("--stages %s: there are stages 1, 2 and 3.".formatted(numbers));
    }
    var own = configs.stream().map(StageFile::read).toList();
    for (var file : own) {
      if (file.number().isPresent() && !wanted.contains(file.number().getAsInt())) {
        say("a --config is for stage %d, which is not run".formatted(file.number().getAsInt()));
      }
    }
    var files = new LinkedHashMap<Integer, StageFile>();
    for (int number : wanted) {
      var file = StageFile.published(size, number);
      for (var upper : own) {
        if (upper.number().orElse(number) == number) {
          file = upper.over(file);
        }
      }
      files.put(number, file);
    }
    return files;
  }

  private void say(String line) {
    context.terminal().progress().clear();
    context.terminal().err().println("plm: " + line);
  }

  private final class Display implements StageListener {
    @Override
    public void skipped(int stage, Path result) {
      say("stage %d is finished: %s".formatted(stage, result));
    }

    @Override
    public void begins(int stage, FineTuneSettings settings, List<String> notes) {
      say("stage %d, from %s".formatted(stage, settings.model()));
      notes.forEach(TrainCommand.this::say);
      memory.plan(settings, Path.of(settings.model()), context, TrainCommand.this::say);
    }

    @Override
    public RunListener listener(int stage, RunFolder folder) {
      var display = new FinetuneDisplay(context.terminal());
      return RunListener.all(List.of(folder.record(display::recorded), display));
    }

    @Override
    public void ended(int stage, Outcome outcome) {
      if (!outcome.stopped()) {
        say("stage %d is finished: %s".formatted(stage, outcome.result()));
      }
    }
  }

  static final class SizeName implements ITypeConverter<Size> {
    @Override
    public Size convert(String name) {
      return Arrays.stream(Size.values())
          .filter(size -> size.text().equals(name))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + name + "' is not 1b, 3b or 8b"));
    }
  }
}
