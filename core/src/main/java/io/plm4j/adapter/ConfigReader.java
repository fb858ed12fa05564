package io.plm4j.adapter;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Reads `adapter_config.json` as PEFT 0.4 to 0.21 write it. What would change what the adapter
/// computes is obeyed or refused by name; what would not is kept.
final class ConfigReader {
  /// Keys that change nothing here: who made the file, how A was found, how training was set up.
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "auto_mapping",
          "base_model_class",
          "corda_config",
          "ensure_weight_tying",
          "eva_config",
          "inference_mode",
          "loftq_config",
          "lora_ga_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "task_type",
          "parent_library");

  /// Keys that make an adapter compute something else, unless they are off.
  private static final List<String> UNSUPPORTED =
      List.of(
          "alora_invocation_tokens",
          "arrow_config",
          "fan_in_fan_out",
          "kasa_config",
          "layer_replication",
          "lora_bias",
          "megatron_config",
          "modules_to_save",
          "monteclora_config",
          "target_parameters",
          "trainable_token_indices",
          "use_bdlora",
          "use_qalora",
          "velora_config");

  private final JsonObject json;

  private ConfigReader(JsonObject json) {
    this.json = json;
  }

  static AdapterConfig read(Path file) {
    return read(JsonObject.read(file));
  }

  static AdapterConfig read(JsonObject json) {
    var reader = new ConfigReader(json);
    try {
      return reader.config();
    } catch (IllegalArgumentException e) {
      throw json.inconsistent(e.getMessage());
    }
  }

  private AdapterConfig config() {
    if (!json.text("peft_type").equals("LORA")) {
      throw json.wrong("peft_type", "\"LORA\", also for DoRA; other adapters are not read");
    }
    UNSUPPORTED.forEach(this::requireOff);
    if (!json.optionalText("bias").orElse("none").equals("none")) {
      throw json.wrong("bias", "\"none\"; adapters that change biases are not read");
    }
    var other = new LinkedHashMap<String, Object>();
    WITHOUT_EFFECT.forEach(key -> json.plain(key).ifPresent(value -> other.put(key, value)));
    var targets = targets("target_modules");
    if (targets instanceof Targets.None) {
      throw json.wrong(
          "target_modules", "the layers that the adapter is for: a list, or a regular expression");
    }
    var blocks = blocks(targets);
    return new AdapterConfig(
        json.optionalFlag("use_dora").orElse(false)
            ? AdapterConfig.Kind.DORA
            : AdapterConfig.Kind.LORA,
        json.optionalInteger("r", 1, AdapterConfig.MAX_RANK).orElse(8),
        json.optionalNumber("lora_alpha", -1e9, 1e9).orElse(8),
        json.optionalFlag("use_rslora").orElse(false)
            ? AdapterConfig.Scaling.BY_ROOT_OF_RANK
            : AdapterConfig.Scaling.BY_RANK,
        json.optionalNumber("lora_dropout", 0, 0.999_999).orElse(0),
        initialization(),
        targets,
        targets("exclude_modules"),
        blocks,
        patterns("rank_pattern", value -> rank(value)),
        patterns("alpha_pattern", value -> alpha(value)),
        json.optionalText("base_model_name_or_path").filter(name -> !name.isBlank()),
        other,
        json.unread());
  }

  private void requireOff(String key) {
    var value = json.plain(key);
    boolean off =
        value.isEmpty()
            || value.get().equals(false)
            || value.get() instanceof List<?> list && list.isEmpty()
            || value.get() instanceof Map<?, ?> map && map.isEmpty();
    if (!off) {
      throw json.wrong(key, "none: adapters with it are not read");
    }
  }

  /// Some ways of starting change the base model too, so the adapter does not fit the original one.
  private AdapterConfig.Initialization initialization() {
    var value = json.plain("init_lora_weights").orElse(true);
    if (value instanceof Boolean || value.equals("eva") || value.equals("orthogonal")) {
      return AdapterConfig.Initialization.KAIMING;
    }
    if (value instanceof String text && text.equalsIgnoreCase("gaussian")) {
      return AdapterConfig.Initialization.GAUSSIAN;
    }
    throw json.wrong(
        "init_lora_weights",
        "true, false, \"gaussian\", \"eva\" or \"orthogonal\"; others belong to a changed base model. Let PEFT convert the adapter to plain LoRA");
  }

  private Targets targets(String key) {
    var value = json.plain(key);
    if (value.isEmpty()) {
      return new Targets.None();
    }
    if (value.get() instanceof String text) {
      return text.equalsIgnoreCase("all-linear") && key.equals("target_modules")
          ? new Targets.AllLinear()
          : new Targets.Regex(pattern(key, text));
    }
    var suffixes = strings(key, value.get());
    return suffixes.isEmpty() ? new Targets.None() : new Targets.Suffixes(suffixes);
  }

  private AdapterConfig.Blocks blocks(Targets targets) {
    var numbers = json.integers("layers_to_transform", 0, 1 << 20);
    var parents =
        json.plain("layers_pattern").stream()
            .flatMap(value ->
                (value instanceof String text ? List.of(text) : strings("layers_pattern", value))
                    .stream())
            .filter(text -> !text.isEmpty())
            .map(text -> pattern("layers_pattern", text))
            .toList();
    if (numbers.isEmpty()) {
      return AdapterConfig.Blocks.ALL;
    }
    if (!(targets instanceof Targets.Suffixes)) {
      throw json.wrong(
          "layers_to_transform", "none, because target_modules is not a list: say it all there");
    }
    return new AdapterConfig.Blocks(numbers, parents);
  }

  private List<String> strings(String key, Object value) {
    var strings = new ArrayList<String>();
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      if (!(item instanceof String text) || text.isEmpty()) {
        throw json.wrong(key, "names of layers, such as [\"q_proj\", \"v_proj\"]");
      }
      strings.add(text);
    }
    return strings;
  }

  private <T> SequencedMap<NamePattern, T> patterns(
      String key, Function<Object, Optional<T>> reader) {
    var patterns = new LinkedHashMap<NamePattern, T>();
    if (json.plain(key).orElse(Map.of()) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> {
        var read = value == null ? Optional.<T>empty() : reader.apply(value);
        patterns.put(
            pattern(key, String.valueOf(name)),
            read.orElseThrow(() -> json.wrong(key, "a positive number for each name")));
      });
      return patterns;
    }
    throw json.wrong(key, "an object of names and numbers");
  }

  private static Optional<Integer> rank(Object value) {
    return value instanceof Integer rank && rank >= 1 && rank <= AdapterConfig.MAX_RANK
        ? Optional.of(rank)
        : Optional.empty();
  }

  private static Optional<Double> alpha(Object value) {
    return value instanceof Number number && Math.abs(number.doubleValue()) <= 1e9
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private NamePattern pattern(String key, String text) {
    try {
      return new NamePattern(text);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "%s A pattern of it %s."
              .formatted(json.wrong(key, "patterns of names").getMessage(), e.getMessage()),
          e);
    }
  }
}
