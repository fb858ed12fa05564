package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Guessing;
import io.plm4j.generate.Sampling;
import io.plm4j.generate.constraint.Constraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How the answer's tokens are chosen and where it ends.
final class GenerationFlags {
  /// What Hugging Face's `generate` takes when a checkpoint asks for sampling without saying more.
  private static final int HF_TOP_K = 50;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "The answer's greatest length in tokens. Default: 256.")
  private Optional<Integer> maxNewTokens = Optional.empty();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Draw tokens at random; greater is bolder. 0 takes the likeliest, the default.")
  private Optional<Double> temperature = Optional.empty();

  @Option(names = "--top-k", paramLabel = "N", description = "Draw from the N likeliest tokens.")
  private Optional<Integer> topK = Optional.empty();

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Draw from the likeliest tokens that together have probability X.")
  private Optional<Double> topP = Optional.empty();

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description = "Draw from tokens with at least X times the likeliest one's probability.")
  private Optional<Double> minP = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same draws. Default: another one each time.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Above 1 makes tokens that occurred less likely.")
  private Optional<Double> repetitionPenalty = Optional.empty();

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text. May be given several times.")
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--guess",
      paramLabel = "WHEN",
      converter = GuessingName.class,
      description = {
        "Guess tokens that repeat what was read or said, and check several at once; the answer stays",
        "the same. auto: where that saves time, the default. always. never."
      })
  private Optional<Guessing> guessing = Optional.empty();

  /// Options as given, the checkpoint's wishes where nothing is given, and plm4j's defaults where
  /// nobody says anything.
  GenerationOptions resolve(GenerationDefaults defaults, LongSupplier seeds) {
    int tokens = defaults.maxNewTokens().orElse(GenerationOptions.DEFAULT.maxNewTokens());
    return resolve(defaults, tokens, seeds);
  }

  /// @param tokens how many new tokens there may be if no option says so
  GenerationOptions resolve(GenerationDefaults defaults, int tokens, LongSupplier seeds) {
    var sampling = sampling(defaults, seeds);
    if (guessing.orElse(Guessing.NEVER) == Guessing.ALWAYS && sampling instanceof Sampling.Random) {
      throw new InputException(
          "--guess always: tokens that are drawn at random are not guessed; leave it out, or add --temperature 0.");
    }
    var options =
        new GenerationOptions(
            sampling,
            repetitionPenalty.orElseGet(() -> defaults.repetitionPenalty().orElse(1)),
            maxNewTokens.orElse(tokens),
            stops);
    return guessing.map(options::withGuessing).orElse(options);
  }

  /// Refuses what would have no effect where tokens of several answers are made together.
  void refuseGuessing(String option) {
    if (guessing.isPresent()) {
      throw new InputException(
          "--guess has no effect with %s, which makes tokens of several answers at once; leave it out."
              .formatted(option));
    }
  }

  /// Finds mistakes that need no model to be seen, before minutes are spent on loading one.
  void check() {
    check(Optional.empty());
  }

  /// @param form that the answer must have
  void check(Optional<Constraint> form) {
    if (temperature.isPresent() && temperature.get() != 0) {
      draw(temperature.get(), topK.orElse(0), topP.orElse(1.0), 0);
    }
    new GenerationOptions(
        Sampling.greedy(),
        repetitionPenalty.orElse(1.0),
        maxNewTokens.orElse(1),
        stops,
        form,
        Guessing.NEVER);
  }

  private Sampling sampling(GenerationDefaults defaults, LongSupplier seeds) {
    boolean checkpoint = defaults.doSample() && temperature.isEmpty();
    if (!checkpoint && temperature.orElse(0.0) == 0) {
      requireNoDraw();
      return Sampling.greedy();
    }
    var wish = defaults.doSample() ? Optional.of(defaults) : Optional.<GenerationDefaults>empty();
    return draw(
        temperature.orElseGet(() -> defaults.temperature().orElse(1)),
        topK.orElseGet(() -> wish.map(d -> d.topK().orElse(HF_TOP_K)).orElse(0)),
        topP.orElseGet(() -> wish.map(d -> d.topP().orElse(1)).orElse(1.0)),
        seed.orElseGet(seeds::getAsLong));
  }

  private Sampling draw(double temperature, int topK, double topP, long seed) {
    return new Sampling.Random(temperature, topK, topP, minP.orElse(0.0), seed);
  }

  private void requireNoDraw() {
    var idle = new ArrayList<String>();
    topK.ifPresent(_ -> idle.add("--top-k"));
    topP.ifPresent(_ -> idle.add("--top-p"));
    minP.ifPresent(_ -> idle.add("--min-p"));
    seed.ifPresent(_ -> idle.add("--seed"));
    if (!idle.isEmpty()) {
      throw new InputException(
          "%s: no effect, because the likeliest token is always taken; add --temperature X to draw at random, or leave it out."
              .formatted(String.join(", ", idle)));
    }
  }

  /// In words, for `--stats`.
  static String describe(GenerationOptions options, GenerationDefaults defaults) {
    var words =
        new ArrayList<>(
            List.of(
                switch (options.sampling()) {
                  case Sampling.Greedy() -> "greedy";
                  case Sampling.Random draw ->
                      "temperature %s, top-k %s, top-p %s, min-p %s, seed %d"
                          .formatted(
                              draw.temperature(),
                              draw.topK() == 0 ? "all" : Integer.toString(draw.topK()),
                              draw.topP(),
                              draw.minP(),
                              draw.seed());
                }));
    if (options.repetitionPenalty() != 1) {
      words.add("repetition penalty " + options.repetitionPenalty());
    }
    if (defaults.doSample() && options.sampling() instanceof Sampling.Random) {
      words.add("(the checkpoint's generation_config.json asks for sampling)");
    }
    return String.join(", ", words).replace(", (", " (");
  }

  static final class GuessingName implements ITypeConverter<Guessing> {
    @Override
    public Guessing convert(String name) {
      return switch (name) {
        case "auto" -> Guessing.WHEN_IT_PAYS;
        case "always" -> Guessing.ALWAYS;
        case "never" -> Guessing.NEVER;
        default -> throw new TypeConversionException("'" + name + "' is not auto, always or never");
      };
    }
  }
}
