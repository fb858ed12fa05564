package io.plm4j.adapter;

import io.plm4j.checkpoint.Shape;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The layers of a model that a low-rank adapter can be for, by the names of [HfNames] without
/// `.weight`, each with the shape [out, in] of its weights.
public final class LinearLayers {
  private static final String WEIGHT = ".weight";
  static final String HEAD = withoutWeight(HfNames.HEAD);

  private LinearLayers() {}

  /// Every linear layer, the output head last, also where it is the embedding.
  public static SequencedMap<String, Shape> of(PlmConfig config) {
    var layers = new LinkedHashMap<String, Shape>();
    var tensors = config.expectedTensors();
    tensors.forEach((name, shape) -> {
      if (name.endsWith(WEIGHT) && shape.rank() == 2 && !name.equals(HfNames.EMBEDDING)) {
        layers.put(withoutWeight(name), shape);
      }
    });
    var embedding = tensors.get(HfNames.EMBEDDING);
    if (embedding != null) {
      layers.putIfAbsent(HEAD, embedding);
    }
    return layers;
  }

  /// The linear layers that an adapter is for.
  ///
  /// @throws IllegalArgumentException if it is for none, or for one that is not linear
  public static SequencedMap<String, Shape> of(PlmConfig config, AdapterConfig adapter) {
    var chosen = new LinkedHashMap<String, Shape>();
    of(config)
        .forEach((name, shape) -> {
          if (adapter.isFor(name)) {
            chosen.put(name, shape);
          }
        });
    if (!(adapter.targets() instanceof Targets.AllLinear)) {
      config.expectedTensors().keySet().stream()
          .filter(name -> name.endsWith(WEIGHT))
          .map(LinearLayers::withoutWeight)
          .filter(name -> !chosen.containsKey(name) && !name.equals(HEAD) && adapter.isFor(name))
          .findFirst()
          .ifPresent(name -> {
            throw new IllegalArgumentException(
                "target_modules also names %s, which is not a linear layer; only those can be adapted. Name its neighbours by more of their names, as in attn.proj"
                    .formatted(name));
          });
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules names no layer of this model, whose layers are called such as %s"
              .formatted(of(config).firstEntry().getKey()));
    }
    return chosen;
  }

  private static String withoutWeight(String tensor) {
    return tensor.substring(0, tensor.length() - WEIGHT.length());
  }
}
