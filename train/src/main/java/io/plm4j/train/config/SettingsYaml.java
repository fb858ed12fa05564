package io.plm4j.train.config;

import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.train.data.Asking;
import io.plm4j.train.data.Source;
import io.plm4j.train.learn.Memory;
import io.plm4j.train.schedule.OriginalSchedule;
import io.plm4j.train.schedule.Schedule;
import io.plm4j.train.schedule.TransformersSchedule;
import io.plm4j.train.schedule.WarmUp;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Writes settings as the YAML that [SettingsReader] reads them from, every one of them.
public final class SettingsYaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private SettingsYaml() {}

  /// The text of a file.
  public static String of(FineTuneSettings settings) {
    return MAPPER.writeValueAsString(tree(settings));
  }

  private static Map<String, @Nullable Object> tree(FineTuneSettings settings) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("model", settings.model());
    tree.put("output_dir", settings.output().toString());
    tree.put("data", data(settings.data()));
    switch (settings.method()) {
      case Method.Full full ->
          tree.put("freeze", full.frozen().stream().sorted().map(SettingsYaml::name).toList());
      case Method.Adapter adapter -> tree.put("adapter", adapter(adapter));
    }
    switch (settings.length()) {
      case Length.Epochs(double count) -> tree.put("num_train_epochs", number(count));
      case Length.Steps(long count) -> tree.put("max_steps", count);
    }
    tree.put("per_device_train_batch_size", settings.batches().perDevice());
    tree.put("gradient_accumulation_steps", settings.batches().accumulation());
    tree.put("per_device_eval_batch_size", settings.batches().evalPerDevice());
    put(tree, settings.learningRate());
    put(tree, settings.optimizer());
    tree.put("bf16", settings.precision() == Precision.BF16);
    tree.put("gradient_checkpointing", settings.memory() == Memory.RECOMPUTE);
    tree.put("drop_path", number(settings.dropPath()));
    put(tree, settings.logging());
    put(tree, "save", settings.saving().every());
    var limit = settings.saving().limit();
    tree.put("save_total_limit", limit.isPresent() ? limit.getAsInt() : null);
    tree.put("load_best_model_at_end", settings.saving().loadBest());
    put(tree, "eval", settings.evaluation());
    var samples = new LinkedHashMap<String, Object>();
    samples.put("count", settings.samples().count());
    samples.put("max_new_tokens", settings.samples().maxNewTokens());
    tree.put("samples", samples);
    tree.put("seed", settings.seeds().run());
    tree.put("data_seed", settings.seeds().data());
    put(tree, "threads", settings.threads());
    tree.put(
        "resume_from_checkpoint",
        switch (settings.resume()) {
          case Resume.Never() -> false;
          case Resume.Latest() -> true;
          case Resume.IfThere() -> "auto";
          case Resume.From(Path checkpoint) -> checkpoint.toString();
        });
    settings.publication().modelId().ifPresent(id -> tree.put("hub_model_id", id));
    return tree;
  }

  private static Map<String, Object> data(DataSettings data) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("sources", data.sources().stream().map(SettingsYaml::source).toList());
    tree.put("format", name(data.format()));
    tree.put("labels", name(data.labels()));
    tree.put("packing", data.packing());
    put(tree, "max_length", data.maxLength());
    tree.put(
        "order",
        switch (data.order()) {
          case SHUFFLED -> "shuffle";
          case SEQUENTIAL -> "file";
        });
    tree.put("vision_input_type", data.media().vision().label());
    put(tree, "max_num_tiles", data.media().maxTiles());
    put(tree, "num_frames", data.media().frames());
    switch (data.validation()) {
      case Validation.None() -> {}
      case Validation.Share(double share) ->
          tree.put("validation", Map.of("fraction", number(share)));
      case Validation.Sources(List<Source> sources) ->
          tree.put(
              "validation", Map.of("sources", sources.stream().map(SettingsYaml::source).toList()));
    }
    return tree;
  }

  private static Map<String, Object> source(Source source) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", source.name());
    tree.put("path", source.path().toString());
    source.weight().ifPresent(weight -> tree.put("weight", number(weight)));
    source.root().ifPresent(root -> tree.put("root_dir", root.toString()));
    if (!source.columns().names().isEmpty()) {
      var columns = new TreeMap<String, String>();
      source.columns().names().forEach((field, column) -> columns.put(field.key(), column));
      tree.put("columns", columns);
    }
    source.prompt().ifPresent(prompt -> tree.put("prompt", prompt));
    source.split().ifPresent(split -> tree.put("split", split));
    source.limit().ifPresent(limit -> tree.put("limit", limit));
    if (source.asking() != Asking.IN_TURN) {
      tree.put("asking", name(source.asking()));
    }
    return tree;
  }

  private static Map<String, Object> adapter(Method.Adapter adapter) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("mode", name(adapter.kind()));
    tree.put("r", adapter.rank());
    tree.put("lora_alpha", number(adapter.alpha()));
    tree.put("lora_dropout", number(adapter.dropout()));
    tree.put(
        "target_modules",
        switch (adapter.targets()) {
          case Targets.Suffixes(List<String> names) -> names;
          case Targets.Regex(var pattern) -> pattern.text();
          case Targets.AllLinear() -> "all-linear";
          case Targets.None() -> List.of();
        });
    tree.put("init_lora_weights", name(adapter.start()));
    tree.put("use_rslora", adapter.scaling() == AdapterConfig.Scaling.BY_ROOT_OF_RANK);
    adapter.from().ifPresent(folder -> tree.put("from", folder.toString()));
    return tree;
  }

  private static void put(Map<String, @Nullable Object> tree, LearningRate rate) {
    tree.put("learning_rate", number(rate.peak()));
    tree.put("lr_scheduler_type", rate.schedule().name());
    var shape = shape(rate.schedule());
    if (!shape.isEmpty()) {
      tree.put("lr_scheduler_kwargs", shape);
    }
    switch (rate.warmUp()) {
      case WarmUp.Steps(long count) -> tree.put("warmup_steps", count);
      case WarmUp.Share(double share) -> tree.put("warmup_ratio", number(share));
    }
  }

  private static Map<String, Object> shape(Schedule schedule) {
    var shape = new LinkedHashMap<String, Object>();
    switch (schedule) {
      case TransformersSchedule.Cosine(double cycles, double lowest) -> {
        shape.put("num_cycles", number(cycles));
        if (lowest > 0) {
          shape.put("min_lr_rate", number(lowest));
        }
      }
      case TransformersSchedule.InverseSqrt(var timescale) ->
          timescale.ifPresent(steps -> shape.put("timescale", steps));
      case TransformersSchedule.WarmUpStableDecay(long steps, double lowest, var fall) -> {
        shape.put("num_decay_steps", steps);
        shape.put("min_lr_ratio", number(lowest));
        shape.put("decay_type", ScheduleArguments.nameOf(fall));
      }
      case OriginalSchedule.Linear(double lowest) -> shape.put("lr_min_ratio", number(lowest));
      case OriginalSchedule.InverseSqrt(double lowest, double exponent) -> {
        shape.put("lr_min_ratio", number(lowest));
        shape.put("exp_factor", number(exponent));
      }
      case OriginalSchedule.Cosine(double lowest, double cycle, double theta) -> {
        shape.put("lr_min_ratio", number(lowest));
        shape.put("cycle_length", number(cycle));
        shape.put("cosine_theta", number(theta));
      }
      case OriginalSchedule.WarmUpStableDecay(double lowest, double cycle, double fraction) -> {
        shape.put("lr_min_ratio", number(lowest));
        shape.put("cycle_length", number(cycle));
        shape.put("decay_fraction", number(fraction));
      }
      case TransformersSchedule.Linear _,
          TransformersSchedule.Constant _,
          TransformersSchedule.ConstantWithWarmUp _,
          OriginalSchedule.Constant _ -> {}
    }
    return shape;
  }

  private static void put(Map<String, @Nullable Object> tree, Optimizer optimizer) {
    tree.put(
        "optim",
        switch (optimizer.kind()) {
          case ADAMW -> "adamw_torch";
          case ADAMW_8BIT -> "adamw_8bit";
        });
    tree.put("weight_decay", number(optimizer.weightDecay()));
    tree.put("weight_decay_on", name(optimizer.decay()));
    tree.put("adam_beta1", number(optimizer.beta1()));
    tree.put("adam_beta2", number(optimizer.beta2()));
    tree.put("adam_epsilon", number(optimizer.epsilon()));
    tree.put("max_grad_norm", number(optimizer.maxGradNorm()));
  }

  private static void put(Map<String, @Nullable Object> tree, Logging logging) {
    tree.put("logging_steps", logging.steps());
    tree.put("logging_first_step", logging.firstStep());
    tree.put("report_to", logging.tensorboard() ? "tensorboard" : "none");
    logging.folder().ifPresent(folder -> tree.put("logging_dir", folder.toString()));
  }

  private static void put(Map<String, @Nullable Object> tree, String what, Every every) {
    tree.put(
        what + "_strategy",
        switch (every) {
          case Every.Never() -> "no";
          case Every.Steps _ -> "steps";
          case Every.Epoch() -> "epoch";
        });
    if (every instanceof Every.Steps(long count)) {
      tree.put(what + "_steps", count);
    }
  }

  private static <M extends Map<String, ? super Object>> void put(
      M tree, String key, OptionalInt value) {
    value.ifPresent(number -> tree.put(key, number));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// As people write it: `0.0001`, `8`, `1E-8`; reads back as the same double.
  private static BigDecimal number(double value) {
    var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }
}
