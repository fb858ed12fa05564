package io.plm4j.train.stage;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// The data that there is, by names: what Meta calls `datasets.yaml`.
///
/// ```yaml
/// charts: {annotation: charts/train.jsonl, root_dir: charts}
/// clips: {annotation: clips}
/// ```
public final class Datasets {
  /// @param annotation a file of rows, or a folder of them
  /// @param root that the rows' paths are relative to; empty for the folder of the rows
  record Dataset(Path annotation, Optional<Path> root) {}

  /// A data set of a mixture.
  ///
  /// @param weight empty where each row is taken once in a pass
  record Part(String name, Dataset dataset, OptionalDouble weight) {}

  private final Path file;
  private final SequencedMap<String, Dataset> all;

  private Datasets(Path file, SequencedMap<String, Dataset> all) {
    this.file = file;
    this.all = Collections.unmodifiableSequencedMap(all);
  }

  /// Reads a file; paths in it are relative to its folder.
  ///
  /// @throws InputException naming what is wrong in it
  public static Datasets read(Path file) {
    var json = YamlFile.read(file);
    var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    var all = new LinkedHashMap<String, Dataset>();
    for (var name : json.keys()) {
      var entry = json.object(name);
      var dataset =
          new Dataset(
              path(entry, folder, "annotation")
                  .orElseThrow(
                      () -> entry.wrong("annotation", "a file of rows, or a folder of them")),
              path(entry, folder, "root_dir"));
      if (!entry.unread().isEmpty()) {
        throw entry.inconsistent(
            "annotation and root_dir are all that there is, but found "
                + Excerpt.of(entry.unread()));
      }
      all.put(name, dataset);
    }
    if (all.isEmpty()) {
      throw new InputException(
          "%s names no data; wanted lines such as charts: {annotation: charts/train.jsonl}."
              .formatted(file));
    }
    return new Datasets(file, all);
  }

  private static Optional<Path> path(JsonObject entry, Path folder, String key) {
    return entry
        .optionalText(key)
        .map(text -> {
          try {
            return folder.resolve(text).normalize();
          } catch (InvalidPathException e) {
            throw entry.wrong(key, "a path");
          }
        });
  }

  /// All of them, each row once in a pass.
  List<Part> all() {
    return all.entrySet().stream()
        .map(entry -> new Part(entry.getKey(), entry.getValue(), OptionalDouble.empty()))
        .toList();
  }

  /// A mixture as Meta writes it: `charts:300,clips:100`. By convention a weight is a number of
  /// samples; only their proportions count.
  ///
  /// @param where it stands, for messages
  List<Part> mix(String datamix, String where) {
    var parts = new ArrayList<Part>();
    var weights = new LinkedHashMap<String, Double>();
    for (var item : datamix.replaceAll("\\s", "").split(",", -1)) {
      int colon = item.lastIndexOf(':');
      if (colon < 1) {
        throw wrong(where, item, "wanted name:weight, as in charts:300,clips:100");
      }
      var name = item.substring(0, colon);
      var dataset = all.get(name);
      if (dataset == null) {
        throw wrong(
            where, item, "%s has only %s".formatted(file, Excerpt.of(List.copyOf(all.keySet()))));
      }
      double weight = weight(where, item, item.substring(colon + 1));
      if (weights.put(name, weight) != null) {
        throw wrong(where, item, "it is there twice");
      }
      parts.add(new Part(name, dataset, OptionalDouble.of(weight)));
    }
    return parts;
  }

  private static double weight(String where, String item, String text) {
    try {
      double weight = Double.parseDouble(text);
      if (weight > 0 && weight < 1e15) {
        return weight;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw wrong(where, item, "the weight must be a number above 0");
  }

  private static InputException wrong(String where, String item, String explanation) {
    return new InputException(
        "%s: '%s' cannot be drawn from: %s.".formatted(where, Excerpt.of(item), explanation));
  }

  /// As the settings of a run have them.
  static List<Map<String, Object>> sources(List<Part> parts) {
    var sources = new ArrayList<Map<String, Object>>();
    for (var part : parts) {
      var source = new LinkedHashMap<String, Object>();
      source.put("name", part.name());
      source.put("path", part.dataset().annotation().toString());
      part.dataset().root().ifPresent(root -> source.put("root_dir", root.toString()));
      part.weight().ifPresent(weight -> source.put("weight", weight));
      sources.add(source);
    }
    return sources;
  }
}
