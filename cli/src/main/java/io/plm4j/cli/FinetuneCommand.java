package io.plm4j.cli;

import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Method;
import io.plm4j.train.config.SettingsYaml;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.Training;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm finetune`: changes a model by what it is shown.
@Command(
    name = "finetune",
    description = "Teach a model from examples of your own.",
    footer = {
      "",
      "What is not said is as in the model card's recipe. Ctrl-C and SIGTERM save a checkpoint",
      "and end, twice they end at once; --resume goes on, with the numbers that there would",
      "have been."
    })
final class FinetuneCommand implements Callable<Integer> {
  @Mixin private final FinetuneOptions options = new FinetuneOptions();

  @Option(names = "--print-config", description = "Print all settings as YAML, and do no more.")
  private boolean printConfig;

  @Option(
      names = "--plan",
      description = "Say how much learns and how much memory that takes, and do no more.")
  private boolean planOnly;

  @Mixin private final TrainingMemory memory = new TrainingMemory();

  private final Context context;
  private final Supplier<Training> training;

  FinetuneCommand(Context context, Supplier<Training> training) {
    this.context = context;
    this.training = training;
  }

  @Override
  public Integer call() {
    var resolved = options.read();
    resolved.notes().forEach(this::say);
    if (printConfig) {
      context.terminal().out().print(SettingsYaml.of(resolved.settings()));
      return ExitCode.OK;
    }
    var settings = resolved.settings();
    var model = ModelOptions.ModelFolder.path(settings.model(), context);
    memory.plan(settings, model, context, this::say);
    return planOnly ? ExitCode.OK : train(settings);
  }

  private int train(FineTuneSettings settings) {
    var terminal = context.terminal();
    var display = new FinetuneDisplay(terminal);
    var interrupt = context.interrupt();
    try (var folder = RunFolder.open(settings, context.surroundings());
        var _ =
            interrupt.beginPatient(
                () -> say("stopping after this step, with a checkpoint; once more ends at once"))) {
      var listener = RunListener.all(List.of(folder.record(display::recorded), display));
      var outcome = training.get().run(settings, folder, listener, interrupt::requested);
      terminal.progress().clear();
      return report(settings, outcome);
    } finally {
      terminal.progress().clear();
    }
  }

  private int report(FineTuneSettings settings, Outcome outcome) {
    if (outcome.stopped()) {
      say(
          "stopped after step %,d of %,d. The same command with --resume goes on from %s."
              .formatted(outcome.steps(), outcome.totalSteps(), outcome.result()));
      return context.interrupt().exitCode();
    }
    var out = context.terminal().out();
    out.println(outcome.result());
    var use =
        switch (settings.method()) {
          case Method.Full _ -> "--model " + outcome.result();
          case Method.Adapter _ ->
              "--model %s --adapter %s".formatted(settings.model(), outcome.result());
        };
    say("try it: plm generate %s --image PICTURE --prompt \"...\"".formatted(use));
    settings
        .publication()
        .modelId()
        .ifPresent(id -> say("upload it: plm push %s %s".formatted(outcome.result(), id)));
    return ExitCode.OK;
  }

  private void say(String line) {
    context.terminal().progress().clear();
    context.terminal().err().println("plm: " + line);
  }
}
