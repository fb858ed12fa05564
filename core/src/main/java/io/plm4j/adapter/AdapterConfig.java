package io.plm4j.adapter;

import io.plm4j.json.PrettyJson;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What an adapter is made of, as `adapter_config.json` says it.
///
/// @param rank r of layers that `ranks` does not name
/// @param alpha of layers that `alphas` does not name
/// @param dropout share of an adapter's input that is dropped while it learns
/// @param targets the layers that it is for
/// @param excluded layers that it is not for, whatever `targets` says
/// @param blocks numbers of the blocks whose layers it is for; empty for all
/// @param ranks r by a pattern of the layer's name; the first that matches counts
/// @param alphas alpha by a pattern of the layer's name
/// @param baseModel the model that it was made for, as its maker named it
/// @param other keys without an effect here, kept for whoever reads the file next
/// @param unknownKeys keys that plm4j does not know and does not obey, for a caller to show
public record AdapterConfig(
    Kind kind,
    int rank,
    double alpha,
    Scaling scaling,
    double dropout,
    Initialization initialization,
    Targets targets,
    Targets excluded,
    Blocks blocks,
    SequencedMap<NamePattern, Integer> ranks,
    SequencedMap<NamePattern, Double> alphas,
    Optional<String> baseModel,
    SequencedMap<String, Object> other,
    List<String> unknownKeys) {
  static final String FILE = "adapter_config.json";
  static final int MAX_RANK = 1 << 16;

  /// What is learnt.
  public enum Kind {
    /// A product of two small matrices beside the weights.
    LORA,

    /// That, and a length for every row of the weights.
    DORA
  }

  /// How the weight of the product follows from alpha and r.
  public enum Scaling {
    /// alpha / r.
    BY_RANK,

    /// alpha / √r, as rank-stabilised LoRA (Kalajdzievski 2023) has it.
    BY_ROOT_OF_RANK
  }

  /// The numbers that A begins with; B begins with zeros.
  public enum Initialization {
    /// Uniform within ±1/√in.
    KAIMING,

    /// Normal with a standard deviation of 1/r.
    GAUSSIAN
  }

  /// A choice of blocks by their numbers.
  ///
  /// @param numbers empty for all
  /// @param parents what may stand before the number in a layer's name; empty for anything
  public record Blocks(List<Integer> numbers, List<NamePattern> parents) {
    public static final Blocks ALL = new Blocks(List.of(), List.of());

    public Blocks {
      numbers = List.copyOf(numbers);
      parents = List.copyOf(parents);
    }
  }

  public AdapterConfig {
    ranks = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(ranks));
    alphas = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(alphas));
    other = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(other));
    unknownKeys = List.copyOf(unknownKeys);
    if (rank < 1 || rank > MAX_RANK) {
      throw new IllegalArgumentException("r is %d; wanted 1 to %d".formatted(rank, MAX_RANK));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "lora_dropout is %s; wanted 0 or more and less than 1".formatted(dropout));
    }
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("lora_alpha is " + alpha);
    }
  }

  /// An adapter for layers by the ends of their names, such as `q_proj`, that is otherwise as PEFT
  /// makes one: r 8, alpha 8, no dropout.
  public static AdapterConfig of(Kind kind, Targets targets) {
    return new AdapterConfig(
        kind,
        8,
        8,
        Scaling.BY_RANK,
        0,
        Initialization.KAIMING,
        targets,
        new Targets.None(),
        Blocks.ALL,
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        Optional.empty(),
        new LinkedHashMap<>(),
        List.of());
  }

  /// @param alpha relative to which r gives the weight of the product
  public AdapterConfig withRank(int newRank, double newAlpha) {
    return new AdapterConfig(
        kind,
        newRank,
        newAlpha,
        scaling,
        dropout,
        initialization,
        targets,
        excluded,
        blocks,
        ranks,
        alphas,
        baseModel,
        other,
        unknownKeys);
  }

  public AdapterConfig withDropout(double share) {
    return new AdapterConfig(
        kind,
        rank,
        alpha,
        scaling,
        share,
        initialization,
        targets,
        excluded,
        blocks,
        ranks,
        alphas,
        baseModel,
        other,
        unknownKeys);
  }

  public AdapterConfig withScaling(Scaling newScaling) {
    return new AdapterConfig(
        kind,
        rank,
        alpha,
        newScaling,
        dropout,
        initialization,
        targets,
        excluded,
        blocks,
        ranks,
        alphas,
        baseModel,
        other,
        unknownKeys);
  }

  public AdapterConfig withInitialization(Initialization start) {
    return new AdapterConfig(
        kind,
        rank,
        alpha,
        scaling,
        dropout,
        start,
        targets,
        excluded,
        blocks,
        ranks,
        alphas,
        baseModel,
        other,
        unknownKeys);
  }

  /// @param name a model of the Hub, or a folder
  public AdapterConfig withBaseModel(String name) {
    return new AdapterConfig(
        kind,
        rank,
        alpha,
        scaling,
        dropout,
        initialization,
        targets,
        excluded,
        blocks,
        ranks,
        alphas,
        Optional.of(name),
        other,
        unknownKeys);
  }

  /// Reads `adapter_config.json` of an adapter's folder.
  ///
  /// @throws io.plm4j.error.InputException if it is not there, damaged, or asks for what plm4j does
  ///   not do
  public static AdapterConfig read(Path folder) {
    return ConfigReader.read(folder.resolve(FILE));
  }

  /// Writes it as PEFT does.
  ///
  /// @throws io.plm4j.error.InputException if it cannot be written
  public void write(Path folder) {
    PrettyJson.write(folder.resolve(FILE), ConfigWriter.json(this));
  }

  /// r of a layer.
  int rank(String layer) {
    return first(ranks, layer).orElse(rank);
  }

  /// The weight of the product in a layer.
  double scale(String layer) {
    double numerator = first(alphas, layer).orElse(alpha);
    return switch (scaling) {
      case BY_RANK -> numerator / rank(layer);
      case BY_ROOT_OF_RANK -> numerator / Math.sqrt(rank(layer));
    };
  }

  private static <T> Optional<T> first(SequencedMap<NamePattern, T> patterns, String layer) {
    return patterns.entrySet().stream()
        .filter(entry -> entry.getKey().matchesEnd(layer))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// Whether this adapter is for a layer, if it is a linear one.
  boolean isFor(String layer) {
    return !excluded.include(layer) && targets.include(layer) && isInBlock(layer);
  }

  private boolean isInBlock(String layer) {
    if (blocks.numbers().isEmpty()) {
      return true;
    }
    var parents = blocks.parents().isEmpty() ? List.of(new NamePattern("[^.]*")) : blocks.parents();
    return parents.stream()
        .map(parent -> parent.numberBehind(layer))
        .filter(java.util.OptionalInt::isPresent)
        .findFirst()
        .map(number -> blocks.numbers().contains(number.getAsInt()))
        .orElse(false);
  }
}
