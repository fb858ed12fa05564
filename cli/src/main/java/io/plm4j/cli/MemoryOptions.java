package io.plm4j.cli;

import io.plm4j.LoadOptions;
import io.plm4j.ModelSize;
import io.plm4j.RequestOutline;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.language.KvFormat;
import io.plm4j.media.MediaSettings;
import io.plm4j.memory.MachineMemory;
import io.plm4j.memory.MemoryAdvice;
import io.plm4j.memory.MemoryAdvice.Change;
import io.plm4j.memory.MemoryAdvice.Remedy;
import io.plm4j.memory.MemoryDemand;
import io.plm4j.memory.MemoryPlan;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// What is said and checked of memory before a model is loaded.
final class MemoryOptions {
  /// A shorter answer would hardly be one.
  private static final int LEAST_NEW_TOKENS = 16;

  /// Of the weights, from the one that loses least.
  private static final List<String> FORMATS = List.of("int8", "int4");

  private static final String SLOW =
      "the weights do not fit into memory beside the rest; they will be read from the disk again for every token, which is slow";

  @Option(
      names = "--plan",
      description = "Say how much memory the answer will take and how much there is; do no more.")
  private boolean planOnly;

  @Option(
      names = "--no-memory-check",
      description = "Load the model even where the plan says that the memory will not do.")
  private boolean unchecked;

  /// What the command knows of the request before the model is there.
  interface Question {
    RequestOutline outline(MediaSettings media, GenerationDefaults defaults);

    /// How many tiles the pictures become when none has more than so many.
    int tiles(MediaSettings media, int most);
  }

  /// Refuses what would have no effect.
  void refuse(String option) {
    if (planOnly || unchecked) {
      throw new InputException(
          "--plan and --no-memory-check have no effect with %s; leave them out.".formatted(option));
    }
  }

  /// Says the plan, if it is wanted, and refuses what does not fit.
  ///
  /// @param folder of the model
  /// @return whether to go on
  /// @throws InputException if the memory will not do
  boolean allows(Path folder, LoadOptions options, Question question, Context context) {
    if (unchecked && !planOnly) {
      return true;
    }
    var available = MachineMemory.available(context.root());
    if (available.isEmpty() && !planOnly) {
      return true;
    }
    var size = ModelSize.read(folder, options);
    var media = MediaSettings.read(size.folder());
    var outline = question.outline(media, GenerationDefaults.read(size.folder()));
    if (!planOnly && MemoryPlan.of(size.demandAtMost(outline)).total() <= available.getAsLong()) {
      return true; // in any case; to count the words would take time
    }
    var demand = size.demand(outline);
    var remedies = remedies(folder, options, media, outline, question);
    if (planOnly) {
      context.terminal().out().print(MemoryTable.of(demand, available));
      available.ifPresent(
          bytes -> context.terminal().out().println(verdict(demand, bytes, remedies)));
      return false;
    }
    try {
      MemoryAdvice.requireFits(demand, available.getAsLong(), remedies);
    } catch (InputException e) {
      throw new InputException(
          e.getMessage() + " --plan shows the estimate, --no-memory-check loads the model anyway.",
          e);
    }
    if (MemoryPlan.of(demand).total() > available.getAsLong()) {
      context.terminal().err().println("plm: warning: " + SLOW);
    }
    return true;
  }

  private static String verdict(MemoryDemand demand, long available, List<Remedy> remedies) {
    try {
      MemoryAdvice.requireFits(demand, available, remedies);
    } catch (InputException e) {
      return String.valueOf(e.getMessage());
    }
    return MemoryPlan.of(demand).total() > available ? "It fits, but " + SLOW + "." : "It fits.";
  }

  /// What could be asked for instead, in the order in which one would try it.
  private static List<Remedy> remedies(
      Path folder,
      LoadOptions options,
      MediaSettings media,
      RequestOutline outline,
      Question question) {
    var remedies = new ArrayList<Remedy>();
    remedies.add((demand, available) -> inBf16(folder, options, demand));
    remedies.add((demand, available) -> withKeysInInt8(folder, options, demand));
    for (var formats : FORMATS) {
      remedies.add((demand, available) -> quantized(folder, options, formats, demand));
    }
    int most = media.image().maxTiles();
    int now = outline.imageTiles().stream().mapToInt(Integer::intValue).sum();
    if (now > outline.imageTiles().size()) {
      remedies.add(
          MemoryAdvice.fewer(
              "--max-num-tiles",
              Math.min(most, now),
              1,
              (demand, n) ->
                  demand.with(
                      demand
                          .size()
                          .withTiles(demand.size().tiles() - now + question.tiles(media, n)))));
    }
    int frames = outline.videoFrames().stream().mapToInt(Integer::intValue).max().orElse(0);
    int videos = outline.videoFrames().size();
    if (frames > 1) {
      remedies.add(
          MemoryAdvice.fewer(
              "--num-frames",
              frames,
              1,
              (demand, n) ->
                  demand.with(
                      demand.size().withTiles(demand.size().tiles() - videos * (frames - n)))));
    }
    remedies.add(
        MemoryAdvice.fewer(
            "--max-new-tokens",
            outline.newTokens(),
            Math.min(LEAST_NEW_TOKENS, outline.newTokens()),
            (demand, n) -> demand.with(demand.size().withNewTokens(n))));
    return remedies;
  }

  private static List<Change> withKeysInInt8(
      Path folder, LoadOptions options, MemoryDemand demand) {
    if (options.caches().keysAndValues() == KvFormat.INT8) {
      return List.of();
    }
    long bytes = ModelSize.read(folder, options).cacheBytesPerToken(KvFormat.INT8);
    return List.of(new Change("--kv-cache int8", demand.withCacheBytesPerToken(bytes)));
  }

  private static List<Change> quantized(
      Path folder, LoadOptions options, String formats, MemoryDemand demand) {
    if (options.quantization().isPresent()) {
      return List.of();
    }
    var recipe = QuantizationRecipe.of(formats);
    var smaller = ModelSize.read(folder, options.withQuantization(recipe));
    return List.of(new Change("--quantize " + formats, demand.with(smaller.weights())));
  }

  private static List<Change> inBf16(Path folder, LoadOptions options, MemoryDemand demand) {
    if (demand.type() == DType.BF16) {
      return List.of();
    }
    var smaller = ModelSize.read(folder, options.withType(DType.BF16));
    return List.of(
        new Change(
            "--dtype bf16",
            new MemoryDemand(
                demand.config(),
                smaller.weights(),
                smaller.type(),
                smaller.cacheBytesPerToken(smaller.keysAndValues()),
                demand.size())));
  }
}
