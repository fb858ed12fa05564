package io.plm4j.adapter;

import io.plm4j.nn.Linear;
import io.plm4j.nn.LowRank;
import io.plm4j.nn.Weights;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Weights from anywhere, with adapters on their linear layers. Several on one layer follow each
/// other in the order given; plain LoRAs add up.
public final class AdaptedWeights implements Weights.Source {
  private final Weights.Source base;
  private final List<Adapter> adapters;
  private final LowRank.Dropout dropout;
  private final Owner owner;
  private final SequencedMap<String, Linear.Adapted> layers = new LinkedHashMap<>();

  /// @param dropout of the adapters' input, [LowRank.Dropout#NONE] where nothing is learnt
  /// @param owner keeps what DoRA measures, as long as the model
  public AdaptedWeights(
      Weights.Source base, List<Adapter> adapters, LowRank.Dropout dropout, Owner owner) {
    this.base = base;
    this.adapters = List.copyOf(adapters);
    this.dropout = dropout;
    this.owner = owner;
  }

  @Override
  public Tensor tensor(String name) {
    return base.tensor(name);
  }

  @Override
  public Optional<QuantizedMatrix> quantized(String name) {
    return base.quantized(name);
  }

  @Override
  public Linear adapted(String name, Linear layer) {
    var changes = new ArrayList<LowRank>();
    for (var adapter : adapters) {
      adapter.on(name, layer, dropout, owner).ifPresent(changes::add);
    }
    if (changes.isEmpty()) {
      return layer;
    }
    var adapted = new Linear.Adapted(layer, changes);
    layers.put(name, adapted);
    return adapted;
  }

  /// The layers that have got adapters so far, by name: all of them, once the model is built.
  public SequencedMap<String, Linear.Adapted> layers() {
    return new LinkedHashMap<>(layers);
  }
}
