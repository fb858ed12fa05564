package io.plm4j;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// How a model is loaded.
///
/// @param type F32 or BF16; empty for the type in which the checkpoint is stored
/// @param threads how many cores to use
/// @param featureCacheBytes memory for what was seen in pictures and videos, so that none is
///   encoded twice; a picture of 36 tiles takes 39 MB with 1B in BF16. 0 for none
/// @param adapters put onto the model, one after the other
/// @param quantization formats into which weights are brought while loading; empty to leave them as
///   they are
public record LoadOptions(
    Optional<DType> type,
    int threads,
    long featureCacheBytes,
    List<AdapterFolder> adapters,
    Optional<QuantizationRecipe> quantization) {
  /// An adapter to be loaded.
  ///
  /// @param name by which messages call it
  /// @param folder with `adapter_config.json` and `adapter_model.safetensors`
  public record AdapterFolder(String name, Path folder) {}

  public static final LoadOptions DEFAULT =
      new LoadOptions(
          Optional.empty(),
          Runtime.getRuntime().availableProcessors(),
          256_000_000,
          List.of(),
          Optional.empty());

  public LoadOptions {
    adapters = List.copyOf(adapters);
    var names = new HashSet<String>();
    for (var adapter : adapters) {
      if (!names.add(adapter.name())) {
        throw new InputException(
            "two adapters are called %s; give one of them another name"
                .formatted(Excerpt.of(adapter.name())));
      }
    }
    if (threads < 1) {
      throw new InputException("the number of threads must be 1 or greater, but is " + threads);
    }
    if (type.isPresent() && type.get() != DType.F32 && type.get() != DType.BF16) {
      throw new InputException("a model computes in F32 or BF16, not in " + type.get());
    }
    if (featureCacheBytes < 0) {
      throw new InputException(
          "the memory for what was seen must be 0 bytes or more, but is " + featureCacheBytes);
    }
  }

  public LoadOptions withType(DType other) {
    return new LoadOptions(Optional.of(other), threads, featureCacheBytes, adapters, quantization);
  }

  public LoadOptions withThreads(int count) {
    return new LoadOptions(type, count, featureCacheBytes, adapters, quantization);
  }

  public LoadOptions withFeatureCacheBytes(long bytes) {
    return new LoadOptions(type, threads, bytes, adapters, quantization);
  }

  /// With weights in few bits, such as `QuantizationRecipe.of("int8")`.
  public LoadOptions withQuantization(QuantizationRecipe recipe) {
    return new LoadOptions(type, threads, featureCacheBytes, adapters, Optional.of(recipe));
  }

  /// With one more adapter, which is called as its folder.
  public LoadOptions withAdapter(Path folder) {
    var name = folder.toAbsolutePath().normalize().getFileName();
    return withAdapter(name == null ? folder.toString() : name.toString(), folder);
  }

  /// With one more adapter.
  ///
  /// @param name by which messages call it
  public LoadOptions withAdapter(String name, Path folder) {
    var more = new ArrayList<>(adapters);
    more.add(new AdapterFolder(name, folder));
    return new LoadOptions(type, threads, featureCacheBytes, more, quantization);
  }
}
