package io.plm4j.adapter;

import io.plm4j.checkpoint.Shape;
import io.plm4j.error.InputException;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.Linear;
import io.plm4j.nn.LowRank;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/// An adapter: for each of some linear layers, a change that has few numbers.
///
/// @param name by which it is told from others
/// @param layers the change of each layer that it is for, by the layer's name
public record Adapter(String name, AdapterConfig config, SequencedMap<String, Change> layers) {
  /// The numbers of a layer's change, in 32 bits.
  ///
  /// Shapes: a [r, in], b [out, r], magnitude [out].
  ///
  /// @param scale weight of `b·a`
  /// @param magnitude lengths of the rows of weights, of DoRA only; without it DoRA begins with the
  ///   base's own
  public record Change(Tensor a, Tensor b, double scale, Optional<Tensor> magnitude) {}

  public Adapter {
    layers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(layers));
  }

  /// Reads the folder that PEFT wrote, or [AdapterFiles].
  ///
  /// @param owner keeps the numbers
  /// @throws InputException if it is not there, damaged, or not for this model
  public static Adapter read(String name, Path folder, PlmConfig model, Owner owner) {
    return new Adapter(
        name,
        AdapterConfig.read(folder),
        AdapterFiles.read(folder, AdapterConfig.read(folder), model, owner));
  }

  /// An adapter that changes nothing yet.
  ///
  /// @param random gives A's numbers, layer by layer
  /// @param owner keeps the numbers
  /// @throws InputException if the configuration does not fit the model
  public static Adapter fresh(
      String name, AdapterConfig config, PlmConfig model, RandomGenerator random, Owner owner) {
    var layers = new LinkedHashMap<String, Change>();
    chosen(config, model, "the adapter")
        .forEach((layer, shape) -> {
          int rank = config.rank(layer);
          long out = shape.sizes().get(0);
          long in = shape.sizes().get(1);
          try (var _ = Scope.open()) {
            var a = owner.hold(Tensor.of(start(config, rank, (int) in, random), rank, in));
            var b = owner.hold(Tensor.zeros(DType.F32, out, rank));
            layers.put(layer, new Change(a, b, config.scale(layer), Optional.empty()));
          }
        });
    return new Adapter(name, config, layers);
  }

  private static float[] start(AdapterConfig config, int rank, int in, RandomGenerator random) {
    var numbers = new float[rank * in];
    double bound = 1 / Math.sqrt(in);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          (float)
              switch (config.initialization()) {
                case KAIMING -> random.nextDouble(-bound, bound);
                case GAUSSIAN -> random.nextGaussian() / rank;
              };
    }
    return numbers;
  }

  static SequencedMap<String, Shape> chosen(AdapterConfig config, PlmConfig model, String where) {
    try {
      return LinearLayers.of(model, config);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s.".formatted(where, e.getMessage()), e);
    }
  }

  /// The change of a layer as that layer computes it; empty if this adapter is not for it.
  ///
  /// @param base the layer without adapters
  /// @param owner keeps what DoRA measures
  public Optional<LowRank> on(String layer, Linear base, LowRank.Dropout dropout, Owner owner) {
    var change = layers.get(layer);
    if (change == null) {
      return Optional.empty();
    }
    var lora = new LowRank.Lora(change.a(), change.b(), change.scale(), dropout);
    return Optional.of(
        switch (config.kind()) {
          case LORA -> lora;
          case DORA ->
              LowRank.Dora.of(
                  lora, change.magnitude().orElseGet(() -> lengths(base, owner)), base, owner);
        });
  }

  private static Tensor lengths(Linear base, Owner owner) {
    try (var _ = Scope.open()) {
      return owner.hold(base.weight(DType.F32).norm());
    }
  }
}
