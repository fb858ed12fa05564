package io.plm4j.train.config;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Source;
import io.plm4j.train.learn.Memory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Makes settings of a YAML file and of words as `learning_rate=1e-4`. What the file says holds
/// before the defaults, what the words say before the file, and later words before earlier ones.
public final class SettingsReader {
  private static final long MANY = 1L << 40;

  /// Of these, a layer that says one replaces what layers below say of all.
  private static final List<List<String>> ONE_OF =
      List.of(List.of("max_steps", "num_train_epochs"), List.of("warmup_steps", "warmup_ratio"));

  /// Mappings that may be written as their most telling setting alone.
  private static final Map<String, String> SHORT = Map.of("adapter", "mode", "data", "sources");

  private SettingsReader() {}

  /// Reads a file.
  ///
  /// @param words from the command line, in order
  /// @throws InputException for what cannot be used, with its place
  public static Resolved read(Path file, List<String> words) {
    return resolve(YamlReader.read(file), words);
  }

  /// Reads words alone.
  public static Resolved read(List<String> words) {
    return resolve(new Node.Mapping(new LinkedHashMap<>(), Origin.COMMAND_LINE), words);
  }

  /// Reads the text of a file.
  ///
  /// @param source how messages call it
  public static Resolved parse(String source, byte[] yaml) {
    return resolve(YamlReader.parse(source, yaml), List.of());
  }

  private static Resolved resolve(Node.Mapping file, List<String> words) {
    var upper = new Node.Mapping(new LinkedHashMap<>(), Origin.COMMAND_LINE);
    for (var word : words) {
      upper = over(upper, CommandLineSetting.parse(word).node());
    }
    var section = new Section("", over(written(file), upper));
    return section.checked(SettingsReader::resolve);
  }

  private static Node.Mapping over(Node.Mapping lower, Node.Mapping upper) {
    var kept = new LinkedHashMap<>(lower.entries());
    for (var group : ONE_OF) {
      if (group.stream().anyMatch(upper.entries()::containsKey)) {
        kept.keySet().removeAll(group);
      }
    }
    return new Node.Mapping(kept, lower.origin()).under(written(upper));
  }

  /// With what is written in short written out, so that layers fit over each other.
  private static Node.Mapping written(Node.Mapping layer) {
    var entries = new LinkedHashMap<>(layer.entries());
    SHORT.forEach((key, setting) ->
        entries.computeIfPresent(
            key,
            (_, node) -> {
              if (node instanceof Node.Mapping || node instanceof Node.Absent) {
                return node;
              }
              var only = new LinkedHashMap<String, Node>();
              only.put(setting, node);
              return new Node.Mapping(only, node.origin());
            }));
    return new Node.Mapping(entries, layer.origin());
  }

  private static Resolved resolve(Section section) {
    var notes = UnusedArguments.check(section);
    var model =
        section
            .text("model")
            .orElseThrow(() ->
                section.wrong(
                    "model",
                    "a folder with a model, or one of the Hugging Face Hub as owner/name"));
    var data = DataArguments.read(section.section("data"));
    var samples = samples(section.section("samples"));
    boolean judged = !(data.validation() instanceof Validation.None);
    var evaluation = evaluation(section, judged, samples);
    var settings =
        new FineTuneSettings(
            model,
            data,
            MethodArguments.read(section),
            length(section),
            batches(section),
            optimizer(section),
            ScheduleArguments.read(section),
            section.flag("bf16").orElse(true) ? Precision.BF16 : Precision.F32,
            section.flag("gradient_checkpointing").orElse(false)
                ? Memory.RECOMPUTE
                : Memory.REMEMBER,
            section.number("drop_path", 0, 0.999).orElse(0),
            logging(section),
            saving(section, judged ? evaluation : new Every.Never()),
            evaluation,
            samples,
            seeds(section),
            section.integer("threads", 1, 1024),
            resume(section),
            DataArguments.path(section, "output_dir")
                .orElseGet(() -> outputOf(model, data.sources().getFirst())),
            new Publication(section.text("hub_model_id")));
    section.requireNoMore(UnusedArguments.names());
    return new Resolved(settings, notes);
  }

  /// As in the model card: `Perception-LM-3B-radiology-mini`.
  private static Path outputOf(String model, Source data) {
    var name = DataArguments.nameOf(Path.of(model.split("@", 2)[0] + ".model"));
    return Path.of("%s-%s".formatted(name, data.name()));
  }

  private static Length length(Section section) {
    var steps = section.whole("max_steps", -1, MANY);
    var epochs = section.number("num_train_epochs", Double.MIN_NORMAL, 1e9);
    if (steps.isPresent() && steps.getAsLong() == 0) {
      throw section.wrong("max_steps", "a number above 0, or -1 for as many as the epochs have");
    }
    boolean bounded = steps.orElse(-1) > 0;
    if (bounded && epochs.isPresent()) {
      throw section.wrong("num_train_epochs", "nothing, as max_steps is there; remove one of them");
    }
    return bounded ? new Length.Steps(steps.getAsLong()) : new Length.Epochs(epochs.orElse(1));
  }

  private static Batches batches(Section section) {
    var card = Batches.CARD;
    return new Batches(
        section.integer("per_device_train_batch_size", 1, 1 << 20).orElse(card.perDevice()),
        section.integer("gradient_accumulation_steps", 1, 1 << 20).orElse(card.accumulation()),
        section.integer("per_device_eval_batch_size", 1, 1 << 20).orElse(card.evalPerDevice()));
  }

  private static Optimizer optimizer(Section section) {
    var names = new LinkedHashMap<String, Optimizer.Kind>();
    names.put("adamw_torch", Optimizer.Kind.ADAMW);
    names.put("adamw_torch_fused", Optimizer.Kind.ADAMW);
    names.put("adamw_8bit", Optimizer.Kind.ADAMW_8BIT);
    names.put("adamw_bnb_8bit", Optimizer.Kind.ADAMW_8BIT);
    var card = Optimizer.CARD;
    return new Optimizer(
        section.choice("optim", names).orElse(card.kind()),
        section.number("weight_decay", 0, 1e6).orElse(card.weightDecay()),
        section
            .choice("weight_decay_on", Section.names(Optimizer.Decay.values()))
            .orElse(card.decay()),
        section.number("adam_beta1", 0, 1 - 1e-12).orElse(card.beta1()),
        section.number("adam_beta2", 0, 1 - 1e-12).orElse(card.beta2()),
        section.number("adam_epsilon", Double.MIN_NORMAL, 1).orElse(card.epsilon()),
        section.number("max_grad_norm", 0, 1e12).orElse(card.maxGradNorm()));
  }

  private static Logging logging(Section section) {
    var reports = section.texts("report_to").orElse(List.of("tensorboard"));
    if (reports.stream().anyMatch(to -> !List.of("tensorboard", "all", "none").contains(to))) {
      throw section.wrong(
          "report_to", "tensorboard or none; metrics.jsonl and loss.png are written anyhow");
    }
    return new Logging(
        section.whole("logging_steps", 1, MANY).orElse(Logging.CARD.steps()),
        section.flag("logging_first_step").orElse(false),
        !reports.contains("none") && !reports.isEmpty(),
        DataArguments.path(section, "logging_dir"));
  }

  private static Saving saving(Section section, Every evaluation) {
    var every = every(section, "save", 250, "steps");
    boolean best = section.flag("load_best_model_at_end").orElse(false);
    if (best && !fits(every, evaluation)) {
      throw section.wrong(
          "load_best_model_at_end",
          "false; or eval_strategy as save_strategy, and save_steps a multiple of eval_steps");
    }
    var limit =
        section.isAbsent("save_total_limit")
            ? OptionalInt.empty()
            : OptionalInt.of(section.integer("save_total_limit", 1, 1 << 20).orElse(1));
    return new Saving(every, limit, best);
  }

  /// Whether the loss is known of everything that is saved.
  private static boolean fits(Every saving, Every evaluation) {
    return switch (evaluation) {
      case Every.Never _ -> false;
      case Every.Epoch _ -> saving instanceof Every.Epoch;
      case Every.Steps(long often) ->
          saving instanceof Every.Steps(long rarely) && rarely % often == 0;
    };
  }

  private static Every evaluation(Section section, boolean judged, Samples samples) {
    boolean asked = samples.count() > 0;
    long logged = section.whole("logging_steps", 1, MANY).orElse(Logging.CARD.steps());
    var every = every(section, "eval", logged, judged || asked ? "steps" : "no");
    if (asked && every instanceof Every.Never) {
      throw section.wrong(
          "eval_strategy", "steps or epoch, when samples are asked; or samples.count: 0");
    }
    if (!judged && !asked && !(every instanceof Every.Never)) {
      throw section.wrong(
          "eval_strategy", "no, or data to judge by, as data.validation.fraction: 0.1");
    }
    return every;
  }

  private static Every every(Section section, String what, long steps, String otherwise) {
    var strategy = what + "_strategy";
    var names = new LinkedHashMap<String, String>();
    List.of("no", "steps", "epoch").forEach(name -> names.put(name, name));
    var chosen = section.choice(strategy, names).orElse(otherwise);
    var count = section.whole(what + "_steps", 1, MANY);
    if (count.isPresent() && !chosen.equals("steps")) {
      throw section.wrong(
          what + "_steps",
          "nothing, as %s is %s; or %s: steps".formatted(strategy, chosen, strategy));
    }
    return switch (chosen) {
      case "steps" -> new Every.Steps(count.orElse(steps));
      case "epoch" -> new Every.Epoch();
      default -> new Every.Never();
    };
  }

  private static Samples samples(Section section) {
    var samples =
        new Samples(
            section.integer("count", 0, 10_000).orElse(Samples.NONE.count()),
            section.integer("max_new_tokens", 1, 1 << 20).orElse(Samples.NONE.maxNewTokens()));
    section.requireNoMore(List.of());
    return samples;
  }

  private static Seeds seeds(Section section) {
    long run = section.whole("seed", 0, Long.MAX_VALUE).orElse(Seeds.DEFAULT.run());
    return new Seeds(run, section.whole("data_seed", 0, Long.MAX_VALUE).orElse(run));
  }

  private static Resume resume(Section section) {
    return switch (section.text("resume_from_checkpoint").orElse("false")) {
      case "false" -> new Resume.Never();
      case "true" -> new Resume.Latest();
      case "auto" -> new Resume.IfThere();
      default ->
          new Resume.From(DataArguments.path(section, "resume_from_checkpoint").orElseThrow());
    };
  }
}
