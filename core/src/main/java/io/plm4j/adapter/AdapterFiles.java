package io.plm4j.adapter;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.SafetensorsFile;
import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.LowRank;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// An adapter's folder: `adapter_config.json` and `adapter_model.safetensors`.
public final class AdapterFiles {
  static final String WEIGHTS = "adapter_model.safetensors";

  /// What PEFT puts before the name of a layer.
  private static final String PREFIX = "base_model.model.";

  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";
  private static final String MAGNITUDE = ".lora_magnitude_vector";

  private AdapterFiles() {}

  /// Writes the folder, which is made if it is not there. Older files are replaced.
  ///
  /// @param layers the change of each layer, by the layer's name
  /// @throws InputException if it cannot be written
  public static void write(
      Path folder, AdapterConfig config, SequencedMap<String, ? extends LowRank> layers) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException("%s cannot be made: %s".formatted(folder, e), e);
    }
    var tensors = new ArrayList<TensorSource>();
    layers.forEach((layer, change) -> {
      tensors.add(TensorSource.of(PREFIX + layer + A, change.a()));
      tensors.add(TensorSource.of(PREFIX + layer + B, change.b()));
      if (change instanceof LowRank.Dora dora) {
        tensors.add(TensorSource.of(PREFIX + layer + MAGNITUDE, dora.magnitude()));
      }
    });
    SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors);
    config.write(folder);
  }

  /// Tells the adapter in a folder from others, as [Checkpoint#fingerprint] does.
  ///
  /// @throws InputException if a file is not there
  public static String fingerprint(Path folder) {
    try (var weights = Checkpoint.openFile(folder.resolve(WEIGHTS), Dialect.AS_STORED)) {
      return weights.fingerprint(folder.resolve(AdapterConfig.FILE));
    }
  }

  /// Reads the numbers of an adapter.
  static SequencedMap<String, Adapter.Change> read(
      Path folder, AdapterConfig config, PlmConfig model, Owner owner) {
    var chosen = Adapter.chosen(config, model, folder.resolve(AdapterConfig.FILE).toString());
    var path = folder.resolve(WEIGHTS);
    if (!Files.exists(path) && Files.exists(folder.resolve("adapter_model.bin"))) {
      throw new InputException(
          "%s has its numbers as a Python pickle, adapter_model.bin; wanted %s. Save it with safe_serialization."
              .formatted(folder, WEIGHTS));
    }
    try (var arena = Arena.ofConfined();
        var _ = Scope.open()) {
      var file = SafetensorsFile.open(path, arena);
      var stored = new LinkedHashMap<String, TensorInfo>();
      file.tensors().values().forEach(info -> stored.put(canonical(info.name()), info));
      var wanted = wanted(config, chosen);
      requireSame(path, wanted, stored);
      var numbers = new LinkedHashMap<String, Tensor>();
      wanted
          .keySet()
          .forEach(name ->
              numbers.put(name, copy(file, Objects.requireNonNull(stored.get(name)), owner)));
      var changes = new LinkedHashMap<String, Adapter.Change>();
      for (var layer : chosen.keySet()) {
        changes.put(
            layer,
            new Adapter.Change(
                Objects.requireNonNull(numbers.get(layer + A)),
                Objects.requireNonNull(numbers.get(layer + B)),
                config.scale(layer),
                Optional.ofNullable(numbers.get(layer + MAGNITUDE))));
      }
      return changes;
    }
  }

  /// The name inside plm4j: without what PEFT puts before it, and with the model's own prefixes.
  private static String canonical(String stored) {
    if (!stored.startsWith(PREFIX)) {
      return stored;
    }
    var name = HfNames.canonical(stored.substring(PREFIX.length())).orElse(stored);
    // Some releases of PEFT make the vector a module of its own.
    return name.endsWith(MAGNITUDE + ".weight")
        ? name.substring(0, name.length() - ".weight".length())
        : name;
  }

  private static SequencedMap<String, Shape> wanted(
      AdapterConfig config, SequencedMap<String, Shape> layers) {
    var wanted = new LinkedHashMap<String, Shape>();
    layers.forEach((layer, shape) -> {
      long out = shape.sizes().get(0);
      long in = shape.sizes().get(1);
      wanted.put(layer + A, Shape.of(config.rank(layer), in));
      wanted.put(layer + B, Shape.of(out, config.rank(layer)));
      switch (config.kind()) {
        case LORA -> {}
        case DORA -> wanted.put(layer + MAGNITUDE, Shape.of(out));
      }
    });
    return wanted;
  }

  private static void requireSame(
      Path path, Map<String, Shape> wanted, Map<String, TensorInfo> stored) {
    var parts = new ArrayList<String>();
    var missing = wanted.keySet().stream().filter(name -> !stored.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      parts.add("%d missing (%s)".formatted(missing.size(), Excerpt.of(missing)));
    }
    var misshapen = new ArrayList<String>();
    wanted.forEach((name, shape) -> {
      var info = stored.get(name);
      if (info != null && !info.shape().equals(shape)) {
        misshapen.add("%s is %s, not %s".formatted(name, info.shape(), shape));
      } else if (info != null && !isFloat(info.dtype())) {
        misshapen.add("%s is %s, not F32, BF16 or F16".formatted(name, info.dtype()));
      }
    });
    if (!misshapen.isEmpty()) {
      parts.add(
          "%d of another shape or type (%s)".formatted(misshapen.size(), Excerpt.of(misshapen)));
    }
    var unexpected = stored.keySet().stream().filter(name -> !wanted.containsKey(name)).toList();
    if (!unexpected.isEmpty()) {
      parts.add("%d unexpected (%s)".formatted(unexpected.size(), Excerpt.of(unexpected)));
    }
    if (!parts.isEmpty()) {
      throw new InputException(
          "%s: the tensors are not those that %s describes for this model: %s. The adapter is for another model, or its files do not belong together."
              .formatted(path, AdapterConfig.FILE, String.join("; ", parts)));
    }
  }

  private static boolean isFloat(DType type) {
    return switch (type) {
      case F32, BF16, F16 -> true;
      case F64, I64, I32, I16, I8, U8, BOOL -> false;
    };
  }

  private static Tensor copy(SafetensorsFile file, TensorInfo info, Owner owner) {
    var tensor = Tensor.uninitialized(info.dtype(), info.shape().toArray());
    tensor.memory().copyFrom(file.data(info.name()));
    return owner.hold(tensor.to(DType.F32));
  }
}
