package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.media.video.Video;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm generate`: asks the model and writes the answer as it comes.
@Command(
    name = "generate",
    description = "Answer a question about pictures and videos.",
    footer = {
      "",
      "The answer goes to standard output as it is made, everything else to standard error.",
      "Ctrl-C ends it; what was written stays."
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final RequestOptions request = new RequestOptions();
  @Mixin private final GenerationFlags generation = new GenerationFlags();

  @Option(
      names = "--json",
      description = "Print one JSON object instead: text, token ids, timings, first logits.")
  private boolean json;

  @Option(names = "--stats", description = "Say how long each phase took, and the peak memory.")
  private boolean stats;

  private final Context context;

  GenerateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    generation.check();
    var reading = new PhaseTimes(context.nanoTime());
    var conversation = request.read(context.terminal());
    reading.begin(Listener.Phase.DONE);
    long start = context.nanoTime().getAsLong();
    try (var plm = model.load(context)) {
      double load = (context.nanoTime().getAsLong() - start) / 1e9;
      var options = generation.resolve(plm.generationDefaults(), context.seeds());
      var times = new PhaseTimes(context.nanoTime());
      try (var _ = context.interrupt().begin()) {
        var asked = conversation.request(file -> read(file, plm));
        var answer = answer(plm, asked, options, times);
        var timings =
            new Timings(
                load,
                reading.seconds(Listener.Phase.PREPROCESS)
                    + times.seconds(Listener.Phase.PREPROCESS),
                times.seconds(Listener.Phase.VISION),
                times.seconds(Listener.Phase.PREFILL),
                times.seconds(Listener.Phase.DECODE));
        if (json) {
          context.terminal().out().println(AnswerJson.of(answer, timings));
        } else {
          endLine(answer);
        }
        context.terminal().out().flush();
        if (stats) {
          var how = GenerationFlags.describe(options, plm.generationDefaults());
          new StatsReport(answer, timings, how, PeakMemory.bytes()).print(context.terminal().err());
        }
        return answer.finishReason() == FinishReason.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.OK;
      }
    } catch (CancellationException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private Answer answer(Plm plm, Request asked, GenerationOptions options, PhaseTimes times) {
    var out = json ? Optional.<PrintStream>empty() : Optional.of(context.terminal().out());
    return plm.ask(
        asked
            .withImageSettings(request.pictures().applyTo(plm.imageSettings()))
            .withSpecialTokens(request.specialTokens())
            .withOptions(options),
        new AnswerListener(context, times, out));
  }

  private Video read(Path file, Plm plm) {
    return request.videos().read(file, plm.videoSettings(), context);
  }

  /// A shell's prompt should not stand behind the answer's last word.
  private void endLine(Answer answer) {
    if (!answer.text().endsWith("\n")) {
      context.terminal().out().println();
    }
  }
}
