package io.plm4j.train.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Arguments of transformers' Trainer that recipes have and that nothing here depends on.
final class UnusedArguments {
  private static final String ONE_PROCESS = "a run is one process";
  private static final String NO_GPU_MEMORY = "it concerns the memory of a GPU";
  private static final String NO_WORKERS = "rows are read in this process";
  private static final String PUSH = "`plm push` uploads the result";
  private static final String SHOWN = "progress is shown on terminals only";
  private static final String SAME = "results do not depend on it";

  /// Taken with a word on why they do nothing.
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("remove_unused_columns", "columns are named under data"),
          Map.entry("dataloader_pin_memory", NO_GPU_MEMORY),
          Map.entry("dataloader_num_workers", NO_WORKERS),
          Map.entry("dataloader_persistent_workers", NO_WORKERS),
          Map.entry("dataloader_prefetch_factor", NO_WORKERS),
          Map.entry("push_to_hub", PUSH),
          Map.entry("hub_strategy", PUSH),
          Map.entry("hub_private_repo", PUSH),
          Map.entry("hub_always_push", PUSH),
          Map.entry("hub_token", PUSH + ", with the token of the environment"),
          Map.entry("gradient_checkpointing_kwargs", "there is one way to do it"),
          Map.entry("disable_tqdm", SHOWN),
          Map.entry("log_level", SHOWN),
          Map.entry("logging_nan_inf_filter", "a loss that is no number ends the run"),
          Map.entry("run_name", "the run is called as its folder"),
          Map.entry("tf32", NO_GPU_MEMORY),
          Map.entry("torch_compile", SAME),
          Map.entry("torch_empty_cache_steps", NO_GPU_MEMORY),
          Map.entry("use_liger_kernel", SAME),
          Map.entry("use_cache", SAME),
          Map.entry("use_cpu", "it runs on the CPU"),
          Map.entry("full_determinism", "it always holds"),
          Map.entry("bf16_full_eval", "validation computes as training does"),
          Map.entry("prediction_loss_only", "validation computes the loss"),
          Map.entry("average_tokens_across_devices", ONE_PROCESS),
          Map.entry("local_rank", ONE_PROCESS),
          Map.entry("ddp_find_unused_parameters", ONE_PROCESS),
          Map.entry("ddp_backend", ONE_PROCESS),
          Map.entry("ddp_timeout", ONE_PROCESS),
          Map.entry("skip_memory_metrics", "metrics.jsonl always has the memory"),
          Map.entry("do_train", "a run trains"),
          Map.entry("do_eval", "eval_strategy says it"),
          Map.entry("overwrite_output_dir", "a run is gone on with or begun in a new folder"));

  /// Would change what is learnt, so only the value that changes nothing is taken.
  private static final Map<String, List<String>> ONLY =
      Map.ofEntries(
          Map.entry("fp16", List.of("false")),
          Map.entry("label_smoothing_factor", List.of("0", "0.0")),
          Map.entry("neftune_noise_alpha", List.of()),
          Map.entry("deepspeed", List.of()),
          Map.entry("fsdp", List.of()),
          Map.entry("optim_args", List.of()),
          Map.entry("auto_find_batch_size", List.of("false")),
          Map.entry("group_by_length", List.of("false")),
          Map.entry("train_sampling_strategy", List.of("random")),
          Map.entry("dataloader_drop_last", List.of("false")),
          Map.entry("logging_strategy", List.of("steps")),
          Map.entry("greater_is_better", List.of("false")),
          Map.entry("metric_for_best_model", List.of("loss", "eval_loss")),
          Map.entry("eval_on_start", List.of("false")),
          Map.entry("eval_delay", List.of("0")),
          Map.entry("ignore_data_skip", List.of("false")),
          Map.entry("save_only_model", List.of("false")));

  private UnusedArguments() {}

  static List<String> names() {
    var names = new ArrayList<>(WITHOUT_EFFECT.keySet());
    names.addAll(ONLY.keySet());
    return names;
  }

  /// Refuses what would have an effect, and says of the rest that it has none.
  static List<String> check(Section section) {
    var notes = new ArrayList<String>();
    for (var key : section.keys()) {
      var only = ONLY.get(key);
      if (only != null) {
        requireOneOf(section, key, only);
      }
      var reason = WITHOUT_EFFECT.get(key);
      if (reason != null) {
        notes.add("%s: %s has no effect: %s".formatted(section.originOf(key), key, reason));
      }
    }
    return notes;
  }

  private static void requireOneOf(Section section, String key, List<String> values) {
    var text = section.has(key) ? section.texts(key).orElse(List.of()) : List.<String>of();
    if (section.has(key) && (text.size() != 1 || !values.contains(text.getFirst()))) {
      throw section.wrong(
          key,
          values.isEmpty()
              ? "nothing, as it is not there"
              : String.join(" or ", values) + ", as nothing else is there");
    }
  }
}
