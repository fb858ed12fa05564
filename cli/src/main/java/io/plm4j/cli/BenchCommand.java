package io.plm4j.cli;

import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Guessing;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.model.QuantizationRecipe;
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
    description = "Time the phases of an answer, after a warm-up: best and median of some runs.",
    footer = {
      "",
      "Where --dtype, --threads, --tiles or --prompt-tokens list several values, all combinations are",
      "measured, a line each. Nothing is guessed meanwhile (--guess of plm generate), so that a token",
      "is a pass.",
      "Every run computes everything again. With --cache DIR the runs take from the folder what the",
      "warm-up left there: that times a second question."
    })
final class BenchCommand implements Callable<Integer> {
  @Mixin private final BenchGrid grid = new BenchGrid();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "The picture. Default: one that is drawn to have --tiles tiles.")
  private Optional<Path> image = Optional.empty();

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

  @Option(
      names = "--limits",
      description = {
        "Measure what this machine can do, too: reading memory, and products in f32 and bf16.",
        "Without --model only that."
      })
  private boolean limits;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw what the phases reach under the machine's limits: a PNG file.")
  private Optional<Path> plot = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Context context;

  BenchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    BenchGrid.requireAtLeast("--runs", runs, 1);
    BenchGrid.requireAtLeast("--new-tokens", newTokens, 1);
    grid.check(image);
    var picture = image.map(Image::read);
    var cells = new ArrayList<BenchCell>();
    if (grid.isGiven() || !limits || plot.isPresent()) {
      var folder = grid.folder().path(context);
      for (var setup : grid.setups()) {
        measure(folder, setup, picture, cells);
        if (context.interrupt().requested()) {
          return ExitCode.INTERRUPTED;
        }
      }
    }
    var machine =
        limits || plot.isPresent()
            ? MachineLimits.measure(grid.threads(), context)
            : List.<MachineLimits>of();
    context.terminal().progress().clear();
    var report = new BenchReport(cells, machine, PeakMemory.bytes());
    context.terminal().out().print(json ? report.json() + "\n" : report.text());
    plot.ifPresent(file -> RooflinePlot.write(file, cells, machine));
    return ExitCode.OK;
  }

  /// All sizes with one type and number of threads.
  private void measure(
      Path folder, BenchGrid.Setup setup, Optional<Image> picture, List<BenchCell> cells) {
    long start = context.nanoTime().getAsLong();
    var options = grid.options(setup, context.terminal());
    try (var plm = ModelOptions.load(folder, options, context)) {
      var formats =
          plm.hasQuantizedFiles()
              ? Optional.of("as stored")
              : options.quantization().map(QuantizationRecipe::text);
      double load = (context.nanoTime().getAsLong() - start) / 1e9;
      for (var size : grid.sizes()) {
        var request = request(plm, size, picture);
        var measured = new ArrayList<BenchRun>();
        for (int run = 0; run <= runs; run++) {
          var result =
              run(plm, request, run == 0 ? "warm-up" : "run %d of %d".formatted(run, runs));
          if (context.interrupt().requested()) {
            return;
          }
          if (run > 0) {
            measured.add(result);
          }
        }
        cells.add(
            new BenchCell(
                plm.config(),
                plm.type(),
                formats,
                setup.threads(),
                load,
                tileCount(request),
                formats.isEmpty() ? plm.type().bytes() : Double.NaN,
                measured));
      }
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
          answer.promptTokens() - answer.reusedTokens(),
          answer.tokens().length - 1);
    }
  }

  private Request request(Plm plm, BenchGrid.Size size, Optional<Image> picture) {
    var settings = plm.imageSettings();
    List<Image> images;
    if (picture.isPresent()) {
      images = List.of(picture.get());
      settings = size.tiles().map(settings::withMaxTiles).orElse(settings);
    } else {
      int count = size.tilesOrDefault();
      images = count == 0 ? List.of() : List.of(DrawnPicture.withTiles(count, settings.tileSize()));
      settings = count == 0 ? settings : settings.withMaxTiles(count);
    }
    var options =
        GenerationOptions.DEFAULT.withMaxNewTokens(newTokens + 1).withGuessing(Guessing.NEVER);
    return ofLength(plm, size, images, settings).withOptions(options);
  }

  /// A prompt of filler words that is as long as wanted, or says why there is none. The filler is a
  /// token of its own in every byte-level vocabulary that was made from English.
  private Request ofLength(
      Plm plm, BenchGrid.Size size, List<Image> images, ImageSettings settings) {
    int wanted = size.promptTokensOrDefault();
    var shortest = filler(1, images, settings);
    int fewest = textTokens(plm, shortest);
    var request = filler(1 + Math.max(0, wanted - fewest), images, settings);
    int length = textTokens(plm, request);
    if (length == wanted) {
      return request;
    }
    if (size.promptTokens().isPresent()) {
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
