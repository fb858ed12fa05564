package io.plm4j.cli;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.layout.Layout;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.tensor.DType;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Tokenizer;
import io.plm4j.vision.ClassToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A look at a model's folder, part by part: one that cannot be read is a problem, and the others
/// are still reported.
final class Inspection {
  private final Path folder;
  private final Layout layout;
  private final SequencedMap<String, String> facts = new LinkedHashMap<>();
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<String> unknownKeys = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private Inspection(Path folder) {
    this.folder = folder;
    this.layout = Layout.of(folder);
  }

  static Inspection of(Path folder) {
    var inspection = new Inspection(Layout.locate(folder));
    inspection.look();
    return inspection;
  }

  /// For people: a name and a line.
  SequencedMap<String, String> facts() {
    return facts;
  }

  /// For programs.
  Map<String, Object> json() {
    var all = new LinkedHashMap<>(json);
    all.put("unknown_keys", unknownKeys);
    all.put("problems", problems);
    all.put("complete", problems.isEmpty());
    return all;
  }

  /// What the configuration says that plm4j does not obey.
  List<String> unknownKeys() {
    return unknownKeys;
  }

  /// Why the model cannot be loaded; empty if it can.
  List<String> problems() {
    return problems;
  }

  private void look() {
    json.put("folder", folder.toString());
    facts.put("folder", folder.toString());
    facts.put(
        "layout",
        switch (layout) {
          case HUGGING_FACE -> "Hugging Face's";
          case ORIGINAL -> "Meta's original";
        });
    json.put("layout", layout.name().toLowerCase(Locale.ROOT));
    var config = read(PlmConfig::read);
    config.ifPresent(this::describe);
    try (var checkpoint =
        config.isPresent() ? PlmCheckpoint.open(folder, config.get()) : Checkpoint.open(folder)) {
      describe(checkpoint);
      config.ifPresent(c -> attempt(() -> CheckpointReport.of(c, checkpoint).requireComplete()));
      config.ifPresent(c -> memory(c, checkpoint));
    } catch (InputException e) {
      problems.add(e.getMessage());
    }
    read(MediaSettings::read).ifPresent(media -> describe(media.image(), config));
    read(Tokenizer::read).ifPresent(tokenizer -> describe(tokenizer, config));
    read(ChatTemplate::read);
    read(GenerationDefaults::read).ifPresent(this::describe);
  }

  private <T> Optional<T> read(Function<Path, T> reader) {
    try {
      return Optional.of(reader.apply(folder));
    } catch (InputException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private void attempt(Runnable check) {
    try {
      check.run();
    } catch (InputException e) {
      problems.add(e.getMessage());
    }
  }

  private void describe(PlmConfig config) {
    var vision = config.vision();
    var decoder = config.decoder();
    facts.put(
        "parameters",
        "%s (%s)".formatted(Units.count(config.parameters()), Units.grouped(config.parameters())));
    facts.put(
        "vision",
        "%d blocks, width %d, %d heads; tiles of %d x %d pixels, %d tokens each%s"
            .formatted(
                vision.depth(),
                vision.width(),
                vision.heads(),
                vision.imageSize(),
                vision.imageSize(),
                config.tokensPerTile(),
                vision.classToken() == ClassToken.PRESENT ? "; class token" : ""));
    facts.put(
        "decoder",
        "%d layers, width %d, %d heads (%d for keys and values), vocabulary %s, %s positions, %s"
            .formatted(
                decoder.layers(),
                decoder.hiddenSize(),
                decoder.heads(),
                decoder.kvHeads(),
                Units.grouped(decoder.vocabSize()),
                Units.grouped(decoder.maxPositions()),
                decoder.tiedHead() ? "tied head" : "head of its own"));
    json.put("parameters", config.parameters());
    json.put("tokens_per_tile", config.tokensPerTile());
    json.put("positions", decoder.maxPositions());
    config.unknownKeys().forEach(key -> unknownKeys.add(layout.configFile() + ": " + key));
  }

  private void describe(Checkpoint checkpoint) {
    var files = checkpoint.tensors().values().stream().map(TensorInfo::file).distinct().count();
    facts.put(
        "weights",
        "%s in %d %s: %s"
            .formatted(
                Units.bytes(checkpoint.bytes()),
                files,
                files == 1 ? "file" : "files",
                checkpoint.countByType().entrySet().stream()
                    .map(e -> e.getValue() + " tensors of " + e.getKey())
                    .collect(Collectors.joining(", "))));
    json.put("weight_bytes", checkpoint.bytes());
    json.put("weight_files", files);
    var types = new LinkedHashMap<String, Long>();
    checkpoint.countByType().forEach((type, count) -> types.put(type.name(), count));
    json.put("tensors_by_type", types);
    var formats = QuantizedTensors.count(checkpoint);
    if (!formats.isEmpty()) {
      facts.put(
          "quantised",
          "matrices: "
              + formats.entrySet().stream()
                  .map(e -> "%d in %s".formatted(e.getValue(), e.getKey()))
                  .collect(Collectors.joining(", ")));
      json.put("quantized", formats);
    }
  }

  /// Weights that are stored in the type of the computation stay where they are mapped; others are
  /// converted into memory of their own, but for those in few bits. Keys and values take a row a
  /// layer and position.
  private void memory(PlmConfig config, Checkpoint checkpoint) {
    boolean quantized = QuantizedTensors.areIn(checkpoint);
    var decoder = config.decoder();
    var needed = new LinkedHashMap<String, Object>();
    var words = new ArrayList<String>();
    for (var type : List.of(DType.BF16, DType.F32)) {
      long weights = quantized ? checkpoint.bytes() : config.parameters() * type.bytes();
      boolean mapped =
          quantized || checkpoint.countByType().keySet().equals(java.util.Set.of(type));
      long position = 2L * decoder.layers() * decoder.kvHeads() * decoder.headDim() * type.bytes();
      words.add(
          "%s: weights %s%s, conversation %s a thousand tokens"
              .formatted(
                  type.name().toLowerCase(),
                  Units.bytes(weights),
                  mapped ? " (mapped)" : "",
                  Units.bytes(1000 * position)));
      needed.put(
          type.name().toLowerCase(),
          Map.of("weights", weights, "mapped", mapped, "per_token", position));
    }
    facts.put("memory", String.join("; ", words));
    json.put("memory_bytes", needed);
  }

  private void describe(ImageSettings image, Optional<PlmConfig> config) {
    boolean whole = image.visionInput() == VisionInput.VANILLA;
    int tiles = whole ? 1 : 1 + image.maxTiles();
    facts.put(
        "pictures",
        (whole
                ? "the whole picture as 1 tile"
                : "the whole picture and at most %d tiles".formatted(image.maxTiles()))
            + config
                .map(c ->
                    ", at most %s tokens"
                        .formatted(Units.grouped((long) tiles * c.tokensPerTile())))
                .orElse(""));
    json.put("most_tiles", tiles);
    config
        .filter(c -> c.vision().imageSize() != image.tileSize())
        .ifPresent(c ->
            problems.add(
                "the processor's tile_size is %d, but %s's vision tower takes %d; these files do not belong together"
                    .formatted(image.tileSize(), layout.configFile(), c.vision().imageSize())));
  }

  private void describe(Tokenizer tokenizer, Optional<PlmConfig> config) {
    facts.put("tokenizer", "%s tokens".formatted(Units.grouped(tokenizer.size())));
    json.put("tokens", tokenizer.size());
    config
        .filter(c -> c.decoder().vocabSize() < tokenizer.size())
        .ifPresent(c ->
            problems.add(
                "the tokenizer has %d tokens, but %s's vocab_size is %d; these files do not belong together"
                    .formatted(tokenizer.size(), layout.configFile(), c.decoder().vocabSize())));
  }

  private void describe(GenerationDefaults defaults) {
    facts.put(
        "answers",
        "%s, end at token %s"
            .formatted(
                defaults.doSample() ? "drawn at random" : "greedy",
                defaults.eosIds().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" or "))));
    defaults.unknownKeys().forEach(key -> unknownKeys.add("generation_config.json: " + key));
  }
}
