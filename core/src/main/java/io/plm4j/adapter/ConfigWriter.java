package io.plm4j.adapter;

import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `adapter_config.json` with the keys that every PEFT since 0.9 reads, in PEFT's order.
final class ConfigWriter {
  private ConfigWriter() {}

  static Map<String, @Nullable Object> json(AdapterConfig config) {
    var json = new TreeMap<String, @Nullable Object>(config.other());
    json.put("alpha_pattern", texts(config.alphas()));
    json.put("base_model_name_or_path", config.baseModel().orElse(null));
    json.put("bias", "none");
    json.put("exclude_modules", targets(config.excluded()));
    json.put("fan_in_fan_out", false);
    json.put("inference_mode", true);
    json.put(
        "init_lora_weights",
        switch (config.initialization()) {
          case KAIMING -> true;
          case GAUSSIAN -> "gaussian";
        });
    var parents = config.blocks().parents().stream().map(NamePattern::text).toList();
    json.put("layers_pattern", parents.isEmpty() ? null : parents);
    var numbers = config.blocks().numbers();
    json.put("layers_to_transform", numbers.isEmpty() ? null : numbers);
    json.put("lora_alpha", number(config.alpha()));
    json.put("lora_dropout", config.dropout());
    json.put("modules_to_save", null);
    json.put("peft_type", "LORA");
    json.put("r", config.rank());
    json.put("rank_pattern", texts(config.ranks()));
    json.put("target_modules", targets(config.targets()));
    json.putIfAbsent("revision", null);
    json.putIfAbsent("task_type", null);
    json.put("use_dora", config.kind() == AdapterConfig.Kind.DORA);
    json.put("use_rslora", config.scaling() == AdapterConfig.Scaling.BY_ROOT_OF_RANK);
    return json;
  }

  private static @Nullable Object targets(Targets targets) {
    return switch (targets) {
      case Targets.Suffixes(var suffixes) -> suffixes;
      case Targets.Regex(var pattern) -> pattern.text();
      case Targets.AllLinear() -> "all-linear";
      case Targets.None() -> null;
    };
  }

  private static Map<String, Object> texts(SequencedMap<NamePattern, ? extends Number> patterns) {
    var json = new java.util.LinkedHashMap<String, Object>();
    patterns.forEach((pattern, value) -> json.put(pattern.text(), number(value.doubleValue())));
    return json;
  }

  /// PEFT writes whole numbers without a point.
  private static Object number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? (Object) (long) value : value;
  }
}
