package io.plm4j.cli;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.Listener;
import io.plm4j.layout.Layout;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm compare`: how far quantised models are from the one that they were made from, and how fast
/// and small they are.
@Command(
    name = "compare",
    description = {
      "Compare next-token distributions of a model with those of its quantised forms, over the",
      "answers that it gives to a file of requests: a table of quality, size and speed."
    })
final class CompareCommand implements Callable<Integer> {
  @Mixin private final ModelOptions.ModelFolder model = new ModelOptions.ModelFolder();

  @Option(
      names = "--quantize",
      paramLabel = "FORMATS",
      converter = ModelOptions.Formats.class,
      description = "Compare with the model in these formats; may be given several times.")
  private List<QuantizationRecipe> recipes = new ArrayList<>();

  @Option(
      names = "--against",
      paramLabel = "MODEL",
      description = "Compare with this model, such as plm quantize wrote it; several times too.")
  private List<String> others = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      required = true,
      description = "The requests, a JSON object a line, as those of plm generate --batch.")
  private Path requests = Path.of("");

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens of each answer to compare. Default: 32.")
  private int maxNewTokens;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = ModelOptions.TypeName.class,
      description = "Compute in f32 or bf16. Default: the type in which the model is stored.")
  private Optional<DType> type = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many cores to use. Default: all.")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--json", description = "Print a JSON object for each model, a line each.")
  private boolean json;

  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();

  private final Context context;

  CompareCommand(Context context) {
    this.context = context;
  }

  /// A request with the answer that all models are led along, and the measure's scores.
  private record Place(Request request, int[] answer, List<float[]> scores) {}

  @Override
  public Integer call() {
    if (recipes.isEmpty() && others.isEmpty()) {
      throw new InputException(
          "Nothing to compare with: name formats with --quantize, or a model with --against.");
    }
    var folder = Layout.locate(model.path(context));
    var options = LoadOptions.DEFAULT;
    options = type.map(options::withType).orElse(options);
    options = threads.map(options::withThreads).orElse(options);
    var table = new CompareTable(context.terminal().out(), json, names());
    try (var _ = context.interrupt().begin()) {
      var places = measure(folder, options, table);
      for (var recipe : recipes) {
        follow(recipe.text(), folder, options.withQuantization(recipe), places, table);
      }
      for (var other : others) {
        var path = Layout.locate(ModelOptions.ModelFolder.path(other, context));
        follow(other, path, options, places, table);
      }
    }
    context.terminal().progress().clear();
    return context.interrupt().requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
  }

  private List<String> names() {
    return Stream.concat(recipes.stream().map(QuantizationRecipe::text), others.stream()).toList();
  }

  /// Lets the model answer, and notes its scores on the way.
  private List<Place> measure(Path folder, LoadOptions options, CompareTable table) {
    var places = new ArrayList<Place>();
    var pace = new Pace();
    context.terminal().progress().show("loading " + folder.getFileName());
    try (var plm = Plm.load(folder, options)) {
      var asked = new RequestFile(requests, pictures, videos, context).read(plm, maxNewTokens);
      for (int i = 0; i < asked.size() && !context.interrupt().requested(); i++) {
        context.terminal().progress().show("answering %d of %d".formatted(i + 1, asked.size()));
        var request = asked.get(i);
        int[] answer = plm.ask(request, cancellable()).tokens();
        if (answer.length == 0) {
          continue;
        }
        var scores = pace.follow(plm, request, answer);
        if (scores.size() == answer.length) {
          places.add(new Place(request, answer, scores));
        }
      }
      var same = new Agreement();
      places.forEach(place -> place.scores().forEach(scores -> same.add(scores, scores)));
      table.row(
          new CompareTable.Row(
              "as it is", bytes(folder, options, plm), same, pace.prefill(), pace.decode()));
    }
    return places;
  }

  private void follow(
      String name, Path folder, LoadOptions options, List<Place> places, CompareTable table) {
    if (context.interrupt().requested()) {
      return;
    }
    var agreement = new Agreement();
    var pace = new Pace();
    context.terminal().progress().show("loading " + name);
    try (var plm = Plm.load(folder, options)) {
      for (int i = 0; i < places.size(); i++) {
        context
            .terminal()
            .progress()
            .show("%s: following %d of %d".formatted(name, i + 1, places.size()));
        var place = places.get(i);
        var scores = pace.follow(plm, place.request(), place.answer());
        if (context.interrupt().requested()) {
          return;
        }
        for (int t = 0; t < scores.size(); t++) {
          requireSameVocabulary(name, place.scores().get(t), scores.get(t));
          agreement.add(place.scores().get(t), scores.get(t));
        }
      }
      table.row(
          new CompareTable.Row(
              name, bytes(folder, options, plm), agreement, pace.prefill(), pace.decode()));
    }
  }

  private static void requireSameVocabulary(String name, float[] wanted, float[] found) {
    if (wanted.length != found.length) {
      throw new InputException(
          "%s has a vocabulary of %d tokens, the model %d; they cannot be compared."
              .formatted(name, found.length, wanted.length));
    }
  }

  /// Of the weights, as they are in memory or mapped.
  private static long bytes(Path folder, LoadOptions options, Plm plm) {
    var recipe = options.quantization();
    if (recipe.isPresent()) {
      return recipe.get().bytes(plm.config(), plm.type());
    }
    try (var checkpoint = PlmCheckpoint.open(folder, PlmConfig.read(folder))) {
      return checkpoint.countByType().containsKey(plm.type())
          ? checkpoint.bytes()
          : new QuantizationRecipe(Map.of()).bytes(plm.config(), plm.type());
    }
  }

  private Listener cancellable() {
    return new Listener() {
      @Override
      public boolean cancelled() {
        return context.interrupt().requested();
      }
    };
  }

  /// How fast a model goes along answers, from the second request on: the first is for warming up.
  private final class Pace {
    private boolean warm;
    private double prefillSeconds;
    private double decodeSeconds;
    private long prefillTokens;
    private long decodeTokens;

    List<float[]> follow(Plm plm, Request request, int[] answer) {
      if (!warm) {
        plm.follow(request, answer, cancellable());
        warm = true;
      }
      var times = new PhaseTimes(context.nanoTime());
      var scores =
          plm.follow(
              request,
              answer,
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
      prefillSeconds += times.seconds(Listener.Phase.PREFILL);
      prefillTokens += plm.prompt(request).length();
      decodeSeconds += times.seconds(Listener.Phase.DECODE);
      decodeTokens += answer.length - 1;
      return scores;
    }

    /// Tokens a second.
    double prefill() {
      return prefillTokens / Math.max(prefillSeconds, 1e-9);
    }

    /// Tokens a second.
    double decode() {
      return decodeTokens / Math.max(decodeSeconds, 1e-9);
    }
  }
}
