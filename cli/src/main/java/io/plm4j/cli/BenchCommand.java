package io.plm4j.cli;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Guessing;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.text.MediaSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm bench`: how long each phase of an answer takes on this machine.
@Command(
    name = "bench",
    description = "Time the phases of an answer, after a warm-up: best and median of some runs.")
final class BenchCommand implements Callable<Integer> {
  private static final int DEFAULT_TILES = 4;
  private static final int DEFAULT_PROMPT_TOKENS = 64;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "The picture. Default: one that is drawn to have --tiles tiles.")
  private Optional<Path> image = Optional.empty();

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description = {
        "Tiles without the whole picture: exactly so many of a drawn one (default 4), at most so",
        "many of --image. 0: no picture."
      })
  private Optional<Integer> tiles = Optional.empty();

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      description = "Tokens of the prompt without those of the picture. Default: 64.")
  private Optional<Integer> promptTokens = Optional.empty();

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens to decode after the first. Default: 32.")
  private int newTokens;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Timed runs after the warm-up. Default: 3.")
  private int runs;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Context context;

  BenchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    requireAtLeast("--runs", runs, 1);
    requireAtLeast("--new-tokens", newTokens, 1);
    requireAtLeast("--tiles", tiles.orElse(0), 0);
    if (image.isPresent() && tiles.equals(Optional.of(0))) {
      throw new InputException("--tiles 0 leaves no place for --image; leave one out.");
    }
    var picture = image.map(Image::read);
    long start = context.nanoTime().getAsLong();
    try (var plm = model.load(context, LoadOptions.DEFAULT.withFeatureCacheBytes(0))) {
      double load = (context.nanoTime().getAsLong() - start) / 1e9;
      var request = request(plm, picture);
      var measured = new ArrayList<BenchRun>();
      for (int run = 0; run <= runs; run++) {
        var result = run(plm, request, run == 0 ? "warm-up" : "run %d of %d".formatted(run, runs));
        if (context.interrupt().requested()) {
          return ExitCode.INTERRUPTED;
        }
        if (run > 0) {
          measured.add(result);
        }
      }
      context.terminal().progress().clear();
      var report =
          new BenchReport(plm.type(), load, tileCount(request), measured, PeakMemory.bytes());
      context.terminal().out().print(json ? report.json() + "\n" : report.text());
      return ExitCode.OK;
    }
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new InputException(
          "%s must be %d or greater, but is %d.".formatted(option, least, value));
    }
  }

  private BenchRun run(Plm plm, Request request, String name) {
    var times = new PhaseTimes(context.nanoTime());
    context.terminal().progress().show(name);
    try (var _ = context.interrupt().begin()) {
      var answer =
          plm.ask(
              request,
              new Listener() {
                @Override
                public void phase(Phase begins) {
                  times.begin(begins);
                }

                @Override
                public boolean cancelled() {
                  return context.interrupt().requested();
                }
              });
      return new BenchRun(
          times.seconds(Phase.PREPROCESS),
          times.seconds(Phase.VISION),
          times.seconds(Phase.PREFILL),
          times.seconds(Phase.DECODE),
          answer.promptTokens(),
          answer.tokens().length - 1);
    }
  }

  private Request request(Plm plm, Optional<Image> picture) {
    var settings = plm.imageSettings();
    List<Image> images;
    if (picture.isPresent()) {
      images = List.of(picture.get());
      settings = tiles.map(settings::withMaxTiles).orElse(settings);
    } else {
      int count = tiles.orElse(DEFAULT_TILES);
      images = count == 0 ? List.of() : List.of(DrawnPicture.withTiles(count, settings.tileSize()));
      settings = count == 0 ? settings : settings.withMaxTiles(count);
    }
    var options = 
        GenerationOptions.DEFAULT.withMaxNewTokens(newTokens + 1).withGuessing(Guessing.NEVER);
    int wanted = promptTokens.orElse(DEFAULT_PROMPT_TOKENS);
    return ofLength(plm, wanted, images, settings).withOptions(options);
  }

  /// A prompt of filler words that is as long as wanted, or says why there is none. The filler is a
  /// token of its own in every byte-level vocabulary that was made from English.
  private Request ofLength(Plm plm, int wanted, List<Image> images, ImageSettings settings) {
    var shortest = filler(1, images, settings);
    int fewest = textTokens(plm, shortest);
    var request = filler(1 + Math.max(0, wanted - fewest), images, settings);
    int length = textTokens(plm, request);
    if (length == wanted) {
      return request;
    }
    if (promptTokens.isPresent()) {
      throw new InputException(
          "--prompt-tokens %d cannot be had with this tokenizer and chat template; the nearest is %d."
              .formatted(wanted, length));
    }
    return shortest;
  }

  private static Request filler(int words, List<Image> images, ImageSettings settings) {
    return Request.of("a" + " a".repeat(words - 1), images, List.of()).withImageSettings(settings);
  }

  private static int textTokens(Plm plm, Request request) {
    var prompt = plm.prompt(request);
    return prompt.length() - prompt.spans().stream().mapToInt(MediaSpan::length).sum();
  }

  private static int tileCount(Request request) {
    var settings = request.imageSettings().orElseThrow();
    return request.images().stream()
        .mapToInt(image -> settings.tileCount(image.width(), image.height()))
        .sum();
  }
}
