package io.plm4j.checkpoint;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes the weights of a model folder: `model.safetensors`, or shards and their index. All or
/// nothing is seen under the final names, the index last.
public final class CheckpointWriter {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private CheckpointWriter() {}

  /// Writes the tensors in the order given, a new shard where one more would exceed the size.
  ///
  /// @param folder is made if it is not there; must not hold weights yet
  /// @param maxShardBytes of the tensors in a file; a larger tensor has a shard of its own
  /// @throws InputException if the folder holds weights or cannot be written to
  public static void write(Path folder, Collection<TensorSource> tensors, long maxShardBytes) {
    write(folder, tensors, maxShardBytes, _ -> {});
  }

  /// The same for a caller who wants to know how far it is.
  ///
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the writing
  public static void write(
      Path folder, Collection<TensorSource> tensors, long maxShardBytes, LongConsumer written) {
    requireNoWeights(folder);
    var shards = split(tensors, maxShardBytes);
    var partials = new LinkedHashMap<Path, Path>();
    try {
      for (int i = 0; i < shards.size(); i++) {
        var file = folder.resolve(fileName(i, shards.size()));
        partials.put(
            SafetensorsWriter.writePartial(file, shards.get(i), Map.of("format", "pt"), written),
            file);
      }
      if (shards.size() > 1) {
        var index = folder.resolve(CheckpointFolder.INDEX);
        partials.put(writeIndex(index, shards), index);
      }
      partials.forEach(SafetensorsWriter::complete);
    } catch (RuntimeException | Error e) {
      partials.keySet().forEach(SafetensorsWriter::discard);
      throw e;
    }
  }

  private static List<List<TensorSource>> split(
      Collection<TensorSource> tensors, long maxShardBytes) {
    var shards = new ArrayList<List<TensorSource>>();
    var shard = new ArrayList<TensorSource>();
    long bytes = 0;
    for (var tensor : tensors) {
      if (!shard.isEmpty() && bytes + tensor.bytes() > maxShardBytes) {
        shards.add(List.copyOf(shard));
        shard.clear();
        bytes = 0;
      }
      shard.add(tensor);
      bytes += tensor.bytes();
    }
    shards.add(List.copyOf(shard));
    return shards;
  }

  private static String fileName(int shard, int shards) {
    return shards == 1
        ? CheckpointFolder.SINGLE
        : "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
  }

  private static Path writeIndex(Path index, List<List<TensorSource>> shards) {
    var weightMap = new TreeMap<String, String>();
    long bytes = 0;
    for (int i = 0; i < shards.size(); i++) {
      for (var tensor : shards.get(i)) {
        if (weightMap.put(tensor.name(), fileName(i, shards.size())) != null) {
          throw new IllegalArgumentException("two tensors are called " + tensor.name());
        }
        bytes += tensor.bytes();
      }
    }
    var partial = index.resolveSibling(index.getFileName() + ".partial");
    var json = new LinkedHashMap<String, Object>();
    json.put("metadata", Map.of("total_size", bytes));
    json.put("weight_map", weightMap);
    try {
      Files.write(
          partial,
          MAPPER.writeValueAsBytes(json),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      return partial;
    } catch (IOException e) {
      SafetensorsWriter.discard(partial);
      throw new InputException("%s cannot be written: %s".formatted(index, e), e);
    }
  }

  /// A reader would take older files beside the new ones for part of them.
  private static void requireNoWeights(Path folder) {
    try {
      Files.createDirectories(folder);
      try (var older = Files.newDirectoryStream(folder, "*.{safetensors,safetensors.index.json}")) {
        var first = older.iterator();
        if (first.hasNext()) {
          throw new InputException(
              "%s holds weights already (%s); name a new folder or remove them."
                  .formatted(folder, first.next().getFileName()));
        }
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be written to: %s".formatted(folder, e), e);
    }
  }
}
