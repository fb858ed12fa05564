package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.train.config.Resolved;
import io.plm4j.train.config.SettingsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// What a run is to do: a file, options for what is said most often, and `KEY=VALUE` for all else.
final class FinetuneOptions {
  private static final JsonMapper MAPPER = new JsonMapper();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file with settings; the guide lists them.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = {
        "Folder with the model's files, or a model of the Hugging Face Hub as",
        "owner/name[@revision], which is downloaded if it is not there yet."
      })
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "What to learn from: JSON lines, Parquet, or a folder of pictures with captions; may be",
        "given several times."
      })
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "The question of every row of --data, where rows hold answers only.")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = {
        "Folder of the run, its checkpoints, figures and curves. Default: model and data, as",
        "Perception-LM-1B-radiology."
      })
  private Optional<String> out = Optional.empty();

  @Option(names = "--lora", description = "Learn small matrices beside the weights (LoRA).")
  private boolean lora;

  @Option(names = "--dora", description = "The same, and a length for each row of weights (DoRA).")
  private boolean dora;

  @Option(names = "--qlora", description = "LoRA beside weights that are kept in four bits.")
  private boolean qlora;

  @Option(names = "--resume", description = "Go on from the last checkpoint in the run's folder.")
  private boolean resume;

  @Option(names = "--threads", paramLabel = "N", description = "How many cores to use.")
  private Optional<String> threads = Optional.empty();

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = {
        "Any setting, as in the file: learning_rate=1e-5, adapter.r=16, data.packing=true. Comes",
        "before the file's own."
      })
  private List<String> words = new ArrayList<>();

  Resolved read() {
    var all = new ArrayList<String>();
    model.ifPresent(name -> all.add("model=" + name));
    if (!data.isEmpty()) {
      all.add(
          "data.sources=" + MAPPER.writeValueAsString(data.stream().map(this::source).toList()));
    } else if (prompt.isPresent()) {
      throw new InputException(
          "--prompt has no effect without --data; a file of settings has prompt below a source.");
    }
    out.ifPresent(folder -> all.add("output_dir=" + folder));
    adapter().ifPresent(mode -> all.add("adapter.mode=" + mode));
    if (resume) {
      all.add("resume_from_checkpoint=true");
    }
    threads.ifPresent(count -> all.add("threads=" + count));
    all.addAll(words);
    return config
        .map(file -> SettingsReader.read(file, all))
        .orElseGet(() -> SettingsReader.read(all));
  }

  private Map<String, String> source(String path) {
    var source = new LinkedHashMap<String, String>();
    source.put("path", path);
    prompt.ifPresent(text -> source.put("prompt", text));
    return source;
  }

  private Optional<String> adapter() {
    var modes = new ArrayList<String>();
    if (lora) {
      modes.add("lora");
    }
    if (dora) {
      modes.add("dora");
    }
    if (qlora) {
      modes.add("qlora");
    }
    if (modes.size() > 1) {
      throw new InputException(
          "--%s are two ways to learn; name one.".formatted(String.join(" and --", modes)));
    }
    return modes.stream().findFirst();
  }
}
