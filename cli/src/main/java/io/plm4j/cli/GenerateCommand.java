package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.RequestOutline;
import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.constraint.Constraint;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.video.TimedText;
import java.io.PrintStream;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  /// Options that shape no answer.
  private static final Set<String> UNSHAPING =
      Set.of("--batch", "--out", "--parallel", "--threads", "--cache", "--cache-size", "--debug");

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final MemoryOptions memory = new MemoryOptions();
  @Mixin private final RequestOptions request = new RequestOptions();
  @Mixin private final GenerationFlags generation = new GenerationFlags();
  @Mixin private final FormFlags forms = new FormFlags();
  @Mixin private final BatchOptions batch = new BatchOptions();

  @Option(
      names = "--timestamps",
      description = {
        "Map frames to times: times such as 00:01.40 in the prompt become frame numbers, and frame",
        "numbers in the answer get their times."
      })
  private boolean timestamps;

  @Option(
      names = "--json",
      description = "Print one JSON object instead: text, token ids, timings, first logits.")
  private boolean json;

  @Option(names = "--stats", description = "Say how long each phase took, and the peak memory.")
  private boolean stats;

  @Spec private @Nullable CommandSpec spec;

  private final Context context;

  GenerateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var form = forms.read();
    generation.check(form);
    batch.check();
    if (timestamps && form.isPresent()) {
      throw new InputException(
          "--timestamps would write into an answer that keeps a form; leave one of them out.");
    }
    try {
      return batch.isGiven() ? answerBatch(form) : answerOne(form);
    } catch (CancellationException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private int answerBatch(Optional<Constraint> form) {
    request.refuseQuestion("--batch");
    generation.refuseGuessing("--batch");
    memory.refuse("--batch");
    request.videos().selection();
    if (json || stats || timestamps) {
      throw new InputException(
          "--json, --stats and --timestamps have no effect with --batch; leave them out.");
    }
    try (var answers = AnswerFile.open(batch.out())) {
      var run = new BatchRun(batch.requests(), settings(), answers, context).read();
      try (var plm = model.load(context);
          var _ = context.interrupt().begin()) {
        return run.answer(
            batch.together(), media(plm), request.specialTokens(), options(plm, form));
      }
    }
  }

  private GenerationOptions options(Plm plm, Optional<Constraint> form) {
    var free = generation.resolve(plm.generationDefaults(), context.seeds());
    return form.map(free::withConstraint).orElse(free);
  }

  /// The options of the command line that shape answers.
  private String settings() {
    var line = Objects.requireNonNull(spec).commandLine();
    return line.getParseResult().matchedOptions().stream()
        .filter(option -> !UNSHAPING.contains(option.longestName()))
        .map(option -> option.longestName() + "=" + option.originalStringValues())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private int answerOne(Optional<Constraint> form) {
    var reading = new PhaseTimes(context.nanoTime());
    var conversation = request.read(context.terminal());
    reading.begin(Listener.Phase.DONE);
    var loading = model.options(LoadOptions.DEFAULT, context.terminal());
    if (!memory.allows(model.path(context), loading, question(conversation), context)) {
      return ExitCode.OK;
    }
    long start = context.nanoTime().getAsLong();
    try (var plm = model.load(context)) {
      double load = (context.nanoTime().getAsLong() - start) / 1e9;
      var options = options(plm, form);
      var times = new PhaseTimes(context.nanoTime());
      try (var _ = context.interrupt().begin()) {
        var media = media(plm);
        var asked = conversation.request(media::video);
        var timing = timestamps ? Optional.of(Timestamps.of(asked)) : Optional.<Timestamps>empty();
        var timed = timing.map(t -> t.numberFrames(asked)).orElse(asked);
        var answer = answer(timed, media, options, times);
        var timings = times.timings().after(load, reading.seconds(Listener.Phase.PREPROCESS));
        print(answer, timing.map(t -> t.annotate(answer.text())), timings);
        if (stats) {
          var how = GenerationFlags.describe(options, plm.generationDefaults());
          new StatsReport(answer, timings, how, PeakMemory.bytes()).print(context.terminal().err());
        }
        return answer.finishReason() == FinishReason.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.OK;
      }
    }
  }

  private MemoryOptions.Question question(Conversation conversation) {
    return new MemoryOptions.Question() {
      @Override
      public RequestOutline outline(MediaSettings media, GenerationDefaults defaults) {
        var frames = request.videos().selection(media.video()).count();
        return new RequestOutline(
            conversation.messages(),
            conversation.tiles(request.pictures().applyTo(media.image())),
            conversation.videos().stream().map(_ -> frames).toList(),
            request.specialTokens(),
            generation.resolve(defaults, () -> 0).maxNewTokens());
      }

      @Override
      public int tiles(MediaSettings media, int most) {
        var settings = request.pictures().applyTo(media.image()).withMaxTiles(most);
        return conversation.tiles(settings).stream().mapToInt(Integer::intValue).sum();
      }
    };
  }

  private Answer answer(
      Request asked, MediaReader media, GenerationOptions options, PhaseTimes times) {
    // Times are put behind frame numbers when the whole answer is known.
    boolean kept = json || timestamps;
    var out = kept ? Optional.<PrintStream>empty() : Optional.of(context.terminal().out());
    return media
        .plm()
        .ask(
            asked
                .withImageSettings(media.imageSettings())
                .withSpecialTokens(request.specialTokens())
                .withOptions(options),
            new AnswerListener(context, times, out));
  }

  private MediaReader media(Plm plm) {
    return new MediaReader(plm, request.pictures(), request.videos(), context);
  }

  private void print(Answer answer, Optional<TimedText> timed, Timings timings) {
    var out = context.terminal().out();
    if (json) {
      out.println(AnswerJson.of(answer, timed, timings));
    } else {
      timed.ifPresent(text -> out.print(text.text()));
      endLine(answer);
    }
    out.flush();
  }

  /// A shell's prompt should not stand behind the answer's last word.
  private void endLine(Answer answer) {
    if (!answer.text().endsWith("\n")) {
      context.terminal().out().println();
    }
  }
}
