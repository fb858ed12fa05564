package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which of a model's files are wanted.
public enum ModelFiles {
  /// What it takes to run it: Hugging Face's layout, or Meta's where there is no other.
  TO_RUN,
  /// Meta's own layout: `params.json`, `consolidated.pth`, `tokenizer.model`.
  ORIGINAL,
  /// Everything there is.
  ALL;

  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");
  private static final Pattern META =
      Pattern.compile(
          "(?:original/)?(?:params\\.json|tokenizer\\.model|consolidated[\\w.]*\\.pth)");
  private static final Set<String> NEEDED = Set.of("config.json", "tokenizer.json");

  /// Files that a model may have. Those it has not are noted in the cache, so that Python's
  /// programs do not ask for them again.
  static final Set<String> OPTIONAL =
      Set.of(
          "generation_config.json",
          "preprocessor_config.json",
          "processor_config.json",
          "video_preprocessor_config.json",
          "chat_template.jinja",
          "chat_template.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json");

  /// Chooses from what a repository has.
  ///
  /// @throws InputException if that cannot be a model in the wanted layout
  List<String> select(ModelRef model, Collection<String> names) {
    return switch (this) {
      case ALL -> List.copyOf(names);
      case ORIGINAL -> matching(model, names, META.asMatchPredicate());
      case TO_RUN ->
          names.contains(SINGLE) || names.contains(INDEX)
              ? matching(model, names, name -> runs(name, names))
              : matching(model, names, META.asMatchPredicate());
    };
  }

  /// Where a model has one file with weights and shards too, everybody takes the one file.
  private static boolean runs(String name, Collection<String> names) {
    boolean weights =
        names.contains(SINGLE)
            ? name.equals(SINGLE)
            : name.equals(INDEX) || SHARD.matcher(name).matches();
    return weights || NEEDED.contains(name) || OPTIONAL.contains(name);
  }

  private List<String> matching(
      ModelRef model, Collection<String> names, Predicate<String> wanted) {
    var found = names.stream().filter(wanted).toList();
    if (found.isEmpty()) {
      throw new InputException(
          "%s has no files that plm4j can use: wanted %s%s or %s, found %s. Name another model."
              .formatted(
                  model,
                  this == ORIGINAL ? "" : SINGLE + ", ",
                  "params.json",
                  "original/params.json",
                  Excerpt.of(List.copyOf(new TreeSet<>(names)))));
    }
    return found;
  }

  /// What a snapshot lacks, as far as that can be told without asking the Hub.
  List<String> missing(Path snapshot) {
    boolean hugging =
        Files.isRegularFile(snapshot.resolve(SINGLE))
            || Files.isRegularFile(snapshot.resolve(INDEX));
    return switch (this) {
      case ALL -> List.of();
      case ORIGINAL -> missingOfMeta(snapshot);
      case TO_RUN ->
          hugging || missingOfMeta(snapshot).size() > 0
              ? missingToRun(snapshot)
              : missingOfMeta(snapshot);
    };
  }

  private static List<String> missingToRun(Path snapshot) {
    var wanted = new TreeSet<>(NEEDED);
    var index = snapshot.resolve(INDEX);
    if (!Files.isRegularFile(snapshot.resolve(SINGLE)) && Files.isRegularFile(index)) {
      var map = JsonObject.read(index).object("weight_map");
      map.keys().forEach(tensor -> wanted.add(map.text(tensor)));
    } else {
      wanted.add(SINGLE);
    }
    return absent(snapshot, List.copyOf(wanted));
  }

  private static List<String> missingOfMeta(Path snapshot) {
    var folder =
        Files.isRegularFile(snapshot.resolve("params.json"))
            ? snapshot
            : snapshot.resolve("original");
    var absent = new ArrayList<>(absent(folder, List.of("params.json", "tokenizer.model")));
    boolean weights =
        Files.isRegularFile(folder.resolve("consolidated.pth"))
            || Files.isRegularFile(folder.resolve("consolidated.00.pth"));
    if (!weights) {
      absent.add("consolidated.pth");
    }
    return absent;
  }

  /// A name from an index is foreign text: one that is no plain name is no file of this folder.
  private static List<String> absent(Path folder, List<String> names) {
    return names.stream()
        .filter(name -> !FileNames.isSafe(name) || !Files.isRegularFile(folder.resolve(name)))
        .toList();
  }
}
