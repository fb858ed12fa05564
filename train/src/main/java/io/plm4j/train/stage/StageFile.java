package io.plm4j.train.stage;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// The settings of a stage: those of a fine-tuning run under the names that it has for them and,
/// under `stage`, what only a stage has.
public final class StageFile {
  private static final String STAGE = "stage";
  private static final String DATA = "data";
  private static final JsonMapper JSON = new JsonMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder().disable(YAMLWriteFeature.WRITE_DOC_START_MARKER).build();

  /// The models whose stages are published.
  public enum Size {
    PLM_1B("1b"),
    PLM_3B("3b"),
    PLM_8B("8b");

    private final String folder;

    Size(String folder) {
      this.folder = folder;
    }

    /// As users write it: `1b`.
    public String text() {
      return folder;
    }
  }

  private final String source;
  private final ObjectNode tree;

  private StageFile(String source, ObjectNode tree) {
    this.source = source;
    this.tree = tree;
  }

  /// What Meta published for a stage.
  ///
  /// @param number from 1 to 3
  public static StageFile published(Size size, int number) {
    var name = "%s/stage-%d.yaml".formatted(size.folder, number);
    try (var in = StageFile.class.getResourceAsStream(name)) {
      return parse("the published " + name, Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file of one's own; what it leaves out is as published.
  ///
  /// @throws InputException if it is no YAML, or what is under `stage` cannot be
  public static StageFile read(Path file) {
    var read = new StageFile(file.toString(), YamlFile.tree(file));
    read.requireKnown();
    return read;
  }

  private static StageFile parse(String source, byte[] yaml) {
    return new StageFile(source, YamlFile.tree(source, yaml));
  }

  /// The stage that it is for; empty if it is for any.
  public OptionalInt number() {
    return stage().optionalInteger("number", 1, 3);
  }

  private JsonObject stage() {
    var root = JsonObject.parse(source, JSON.writeValueAsBytes(tree));
    return root.optionalObject(STAGE)
        .orElseGet(() -> JsonObject.parse(source, new byte[] {'{', '}'}));
  }

  private void requireKnown() {
    var stage = stage();
    var _ = stage.optionalInteger("number", 1, 3);
    var _ = stage.optionalText("datamix");
    var _ = recipe(stage);
    if (!stage.unread().isEmpty()) {
      throw new InputException(
          "%s: unknown: %s. The guide lists what a stage has."
              .formatted(source, Excerpt.of(stage.unread())));
    }
    var data = tree.get(DATA);
    if (data != null && (!data.isObject() || data.has("sources"))) {
      throw new InputException(
          "%s: data has sources of its own; a stage draws from those of --data, by stage.datamix."
              .formatted(source));
    }
    for (var key : List.of("model", "output_dir", "resume_from_checkpoint", "adapter")) {
      if (tree.has(key)) {
        throw new InputException(
            "%s: %s is not for a stage to say: where it starts, goes and goes on follows from the stages before."
                .formatted(source, key));
      }
    }
  }

  /// This file's settings where it has some, else another one's.
  public StageFile over(StageFile lower) {
    var merged = lower.tree.deepCopy();
    merge(merged, tree);
    return new StageFile(source + ", over " + lower.source, merged);
  }

  private static void merge(ObjectNode lower, ObjectNode upper) {
    for (var entry : upper.properties()) {
      var there = lower.get(entry.getKey());
      if (there instanceof ObjectNode object && entry.getValue() instanceof ObjectNode more) {
        merge(object, more);
      } else {
        lower.set(entry.getKey(), entry.getValue());
      }
    }
  }

  /// What a stage has beyond a run's settings.
  public Recipe recipe() {
    return recipe(stage());
  }

  private static Recipe recipe(JsonObject stage) {
    return new Recipe(
        stage.optionalInteger("pooling_ratio", 1, 1 << 10).orElse(2),
        stage.optionalNumber("layer_scale_init", -1e6, 1e6));
  }

  /// The mixture that it draws from; empty to take all data, each row once in a pass.
  Optional<String> datamix() {
    return stage().optionalText("datamix");
  }

  /// How messages call it.
  String source() {
    return source;
  }

  /// The file of a run that does this.
  ///
  /// @param model a folder
  /// @param out folder of the run
  String run(Path model, Path out, Datasets datasets) {
    var run = tree.deepCopy();
    run.remove(STAGE);
    run.put("model", model.toString());
    run.put("output_dir", out.toString());
    run.put("resume_from_checkpoint", "auto");
    var parts =
        datamix().map(mix -> datasets.mix(mix, source + ": datamix")).orElseGet(datasets::all);
    if (!(run.get(DATA) instanceof ObjectNode)) {
      run.putObject(DATA);
    }
    ((ObjectNode) run.get(DATA)).set("sources", JSON.valueToTree(Datasets.sources(parts)));
    return comment() + YAML.writeValueAsString(run);
  }

  private String comment() {
    var lines = new ArrayList<String>();
    lines.add("# " + source);
    if (tree.get(STAGE) instanceof ObjectNode stage) {
      for (Map.Entry<String, ?> entry : stage.properties()) {
        lines.add("# stage.%s: %s".formatted(entry.getKey(), entry.getValue()));
      }
    }
    return String.join("\n", lines) + "\n";
  }
}
