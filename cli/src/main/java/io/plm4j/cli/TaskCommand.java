package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.region.Outline;
import io.plm4j.task.Finding;
import io.plm4j.task.Task;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plm task`: asks one of the questions that the model was taught to answer in a form.
@Command(
    name = "task",
    description = "Ask a ready-made question, and read its answer.",
    footer = {"", "plm task --list says which tasks there are and what they need."})
final class TaskCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The task.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--list", description = "Say which tasks there are.")
  private boolean list;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final TaskInput input = new TaskInput();
  @Mixin private final GenerationFlags generation = new GenerationFlags();

  @Option(
      names = "--keep-format",
      description = "Hold the answer to the task's form, so that it can always be read.")
  private boolean keepFormat;

  @Option(
      names = "--draw",
      paramLabel = "FILE",
      description =
          "Draw the boxes of the answer, or the given ones, onto the picture: a PNG file.")
  private Optional<Path> drawing = Optional.empty();

  @Option(
      names = "--json",
      description = "Print one JSON object instead: text, boxes in pixels, frames and their times.")
  private boolean json;

  private final Context context;

  TaskCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (list || name.isEmpty()) {
      if (!list) {
        throw new InputException("No task: name one; plm task --list says which there are.");
      }
      list();
      return ExitCode.OK;
    }
    var task = Task.named(name.get());
    check(task);
    var shown = input.read(task);
    try (var plm = model.load(context);
        var _ = context.interrupt().begin()) {
      return run(task, shown, plm);
    } catch (CancellationException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  /// Finds mistakes that need no model to be seen, before minutes are spent on loading one.
  private void check(Task task) {
    generation.check();
    if (keepFormat && !task.reply().hasForm()) {
      throw new InputException(
          "--keep-format: no effect, because the task %s is answered in words; leave it out."
              .formatted(task.name()));
    }
    boolean drawable = task.shown() == Task.Shown.PICTURE && (task.needsBox() || task.findsBoxes());
    if (drawing.isPresent() && !drawable) {
      throw new InputException(
          "--draw: no effect, because the task %s has no box in a picture; leave it out."
              .formatted(task.name()));
    }
  }

  private void list() {
    for (var task : Task.all()) {
      context
          .terminal()
          .out()
          .printf(
              "%-21s %s: %s%s%n", task.name(), shown(task), task.summary(), needs(task.needs()));
    }
  }

  private static String shown(Task task) {
    return switch (task.shown()) {
      case PICTURE -> "picture ";
      case PICTURES -> "pictures";
      case VIDEO -> "video   ";
    };
  }

  private static String needs(List<String> needs) {
    return needs.isEmpty() ? "" : " (--" + String.join(", --", needs) + ")";
  }

  private int run(Task task, TaskInput.Shown files, Plm plm) {
    var shown = input.show(task, files, plm, context);
    var question = task.question(shown.given(), shown.scene());
    var free = generation.resolve(plm.generationDefaults(), task.maxNewTokens(), context.seeds());
    var form = keepFormat ? task.form(shown.scene()).map(free::withConstraint) : Optional.of(free);
    var request =
        Request.of(question, shown.images(), shown.videos())
            .withImageSettings(settings(task, plm))
            .withOptions(form.orElse(free));
    var out = json ? Optional.<PrintStream>empty() : Optional.of(context.terminal().out());
    var answer =
        plm.ask(request, new AnswerListener(context, new PhaseTimes(context.nanoTime()), out));
    var finding = task.read(answer.text(), shown.scene());
    print(task, question, answer, finding, shown);
    if (answer.finishReason() == FinishReason.CANCELLED) {
      return ExitCode.INTERRUPTED;
    }
    drawing.ifPresent(file -> draw(file, finding, shown));
    return ExitCode.OK;
  }

  private ImageSettings settings(Task task, Plm plm) {
    var wanted = plm.imageSettings();
    return input
        .pictures()
        .applyTo(
            switch (task.shown()) {
              case PICTURE, VIDEO -> wanted;
              case PICTURES -> wanted.withVisionInput(VisionInput.VANILLA);
            });
  }

  private void print(
      Task task, String question, Answer answer, Finding finding, TaskInput.Scenery shown) {
    var out = context.terminal().out();
    if (json) {
      var timeline = shown.videos().stream().findFirst().map(video -> video.timeline());
      out.println(TaskJson.of(task, question, answer, finding, timeline));
    } else if (!answer.text().endsWith("\n")) {
      out.println();
    }
    out.flush();
  }

  private static void draw(Path file, Finding finding, TaskInput.Scenery shown) {
    var boxes = finding instanceof Finding.Boxes(var found) ? found : shown.given().boxes();
    if (boxes.isEmpty()) {
      throw new InputException(
          "The answer names no box, so %s was not drawn; --keep-format makes it name one."
              .formatted(file));
    }
    Outline.RED.draw(shown.original(), boxes).writePng(file);
  }
}
