package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Finds the weight files of a folder and holds the shards against their index.
final class CheckpointFolder {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private CheckpointFolder() {}

  static List<TensorFile> open(Path folder, Arena arena) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          "%s is not a folder; wanted one with config.json and %s.".formatted(folder, SINGLE));
    }
    // Where both are, transformers takes the single file too.
    if (isListed(folder.resolve(SINGLE))) {
      return List.of(SafetensorsFile.open(folder.resolve(SINGLE), arena));
    }
    if (isListed(folder.resolve(INDEX))) {
      return openShards(folder, arena);
    }
    var pickled = PthFiles.in(folder);
    if (!pickled.isEmpty()) {
      return PthFiles.open(pickled, arena);
    }
    throw nothingFound(folder);
  }

  /// Also true of a link to a file that is gone, which the reader then explains.
  private static boolean isListed(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<TensorFile> openShards(Path folder, Arena arena) {
    var index = folder.resolve(INDEX);
    var weightMap = JsonObject.read(index).object("weight_map");
    var shardOf = new LinkedHashMap<String, String>();
    for (var name : weightMap.keys()) {
      shardOf.put(name, requirePlainName(weightMap, name));
    }
    if (shardOf.isEmpty()) {
      throw new InputException(index + ": weight_map is empty; fetch the file again.");
    }
    var shards = new TreeSet<>(shardOf.values());
    var absent = shards.stream().filter(s -> !Files.isRegularFile(folder.resolve(s))).toList();
    if (!absent.isEmpty()) {
      throw new InputException(
          "%s names %d shards and %d of them are not there: %s. The download is incomplete; fetch these files into %s."
              .formatted(index, shards.size(), absent.size(), Excerpt.of(absent), folder));
    }
    var files = new LinkedHashMap<String, SafetensorsFile>();
    for (var shard : shards) {
      files.put(shard, SafetensorsFile.open(folder.resolve(shard), arena));
    }
    requireAgreement(index, shardOf, files);
    return List.copyOf(files.values());
  }

  /// A shard lies beside its index; an index from elsewhere must not reach other folders.
  private static String requirePlainName(JsonObject weightMap, String tensor) {
    var file = weightMap.text(tensor);
    boolean plain =
        file.endsWith(".safetensors")
            && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!plain) {
      throw weightMap.wrong(
          tensor, "the name of a .safetensors file in the same folder, without a path");
    }
    return file;
  }

  private static void requireAgreement(
      Path index, Map<String, String> shardOf, Map<String, SafetensorsFile> files) {
    var lacking = new ArrayList<String>();
    shardOf.forEach((name, shard) -> {
      var file = files.get(shard);
      if (file == null || !file.tensors().containsKey(name)) {
        lacking.add(name + " in " + shard);
      }
    });
    var unlisted = new ArrayList<String>();
    files.forEach((shard, file) ->
        file.tensors().keySet().stream()
            .filter(name -> !shard.equals(shardOf.get(name)))
            .forEach(name -> unlisted.add(name + " in " + shard)));
    if (!lacking.isEmpty() || !unlisted.isEmpty()) {
      throw new InputException(
          "%s and the shards disagree: %d tensors are not where it says (%s), %d are not in it (%s). Index and shards come from different downloads; fetch all of them again."
              .formatted(
                  index,
                  lacking.size(),
                  Excerpt.of(lacking),
                  unlisted.size(),
                  Excerpt.of(unlisted)));
    }
  }

  private static InputException nothingFound(Path folder) {
    var wanted = "wanted %s, %s or %s".formatted(SINGLE, INDEX, PthFiles.SINGLE);
    var found = new TreeSet<String>();
    try (var files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> found.add(String.valueOf(file.getFileName())));
    } catch (IOException e) {
      return new InputException("%s cannot be read: %s".formatted(folder, e), e);
    }
    var shards = found.stream().filter(name -> name.endsWith(".safetensors")).toList();
    if (!shards.isEmpty()) {
      return new InputException(
          "%s has shards (%s) without %s, which says what is in them; fetch it too."
              .formatted(folder, Excerpt.of(shards), INDEX));
    }
    var pickled =
        found.stream().filter(name -> name.endsWith(".bin") || name.endsWith(".pth")).toList();
    if (!pickled.isEmpty()) {
      return new InputException(
          "%s has its weights as Python pickles under names that plm4j does not know (%s); %s. Save them as safetensors."
              .formatted(folder, Excerpt.of(pickled), wanted));
    }
    return new InputException(
        "%s has no weights: %s, found %s. Fetch the model again."
            .formatted(folder, wanted, Excerpt.of(List.copyOf(found))));
  }
}
