package io.plm4j.convert;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.json.PrettyJson;
import io.plm4j.model.Quantization;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What lies beside the weights in a folder of Hugging Face's layout: tokenizer, settings, and
/// whatever else somebody put there.
public final class OtherFiles {
  private static final String CONFIG = "config.json";
  private static final List<String> TYPE_KEYS = List.of("dtype", "torch_dtype");

  /// Endings of files with weights, in forms of others too: they would be those of another model.
  private static final List<String> WEIGHTS =
      List.of(
          ".safetensors",
          ".safetensors.index.json",
          ".bin",
          ".bin.index.json",
          ".pth",
          ".pt",
          ".gguf",
          ".msgpack",
          ".h5",
          ".partial");

  private final List<Path> files;

  /// @param folder of a model
  public OtherFiles(Path folder) {
    try (var all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).filter(file -> !isWeights(file)).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isWeights(Path file) {
    var name = file.getFileName().toString();
    return WEIGHTS.stream().anyMatch(name::endsWith);
  }

  /// Size of all of them.
  public long bytes() {
    long bytes = 0;
    for (var file : files) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return bytes;
  }

  /// Copies them as they are, but for what config.json says of the weights.
  ///
  /// @param type of the new weights; empty to leave what config.json says of it
  public void copy(Path target, Optional<DType> type) {
    copy(
        target,
        (file, copy) -> {
          if (type.isPresent()) {
            PrettyJson.write(copy, config(JsonObject.read(file), type.get()));
          } else {
            Files.copy(file, copy);
          }
        });
  }

  /// Copies them as they are, but for what config.json says of quantisation.
  ///
  /// @param quantization the new entry
  public void copyQuantized(Path target, Map<String, Object> quantization) {
    copy(
        target,
        (file, copy) -> {
          var json = JsonObject.read(file);
          var config = new LinkedHashMap<String, @Nullable Object>();
          json.keys().forEach(key -> config.put(key, json.plain(key).orElse(null)));
          config.put(Quantization.KEY, quantization);
          PrettyJson.write(copy, config);
        });
  }

  /// Makes the copy of config.json.
  @FunctionalInterface
  private interface ConfigCopy {
    void make(Path file, Path copy) throws IOException;
  }

  private void copy(Path target, ConfigCopy config) {
    for (var file : files) {
      var copy = target.resolve(file.getFileName());
      try {
        if (file.endsWith(CONFIG)) {
          config.make(file, copy);
        } else {
          Files.copy(file, copy);
        }
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
  }

  private static Map<String, @Nullable Object> config(JsonObject json, DType type) {
    var config = new LinkedHashMap<String, @Nullable Object>();
    for (var key : json.keys()) {
      config.put(key, json.plain(key).map(value -> typed(value, type)).orElse(null));
    }
    config.remove(Quantization.KEY);
    retype(config, type);
    return config;
  }

  /// The parts of a configuration state their type too.
  private static Object typed(Object value, DType type) {
    if (!(value instanceof Map<?, ?> part)) {
      return value;
    }
    var copy = new LinkedHashMap<String, @Nullable Object>();
    part.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
    retype(copy, type);
    return copy;
  }

  private static void retype(Map<String, @Nullable Object> config, DType type) {
    for (var key : TYPE_KEYS) {
      config.computeIfPresent(key, (_, _) -> HuggingFaceFiles.typeName(type));
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    return new InputException("%s cannot be read: %s".formatted(file, e), e);
  }
}
