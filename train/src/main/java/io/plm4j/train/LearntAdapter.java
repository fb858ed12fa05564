package io.plm4j.train;

import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.AdapterFiles;
import io.plm4j.error.InputException;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.Linear;
import io.plm4j.nn.LowRank;
import io.plm4j.nn.Weights;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.learn.Chance;
import io.plm4j.train.learn.Parameter;
import io.plm4j.train.learn.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// A low-rank adapter that is learnt beside weights which stay as they are.
final class LearntAdapter implements Learnt {
  /// Sites of [Chance] from here on are those of adapters.
  private static final long SITE = 1L << 48;

  private final Adapter adapter;
  private final PlmConfig config;
  private final Weights.Source base;
  private final Owner owner;

  /// The layers that have the adapter, by name.
  private final SequencedMap<String, Grown> layers = new LinkedHashMap<>();

  /// A layer with its change.
  private record Grown(Linear base, LowRank change) {}

  /// @param base where the weights that stay come from
  /// @param owner keeps the adapter's numbers
  LearntAdapter(Adapter adapter, PlmConfig config, Weights.Source base, Owner owner) {
    this.adapter = adapter;
    this.config = config;
    this.base = new Remembered(base);
    this.owner = owner;
  }

  @Override
  public Set<Part> parts() {
    return adapter.layers().keySet().stream().map(Part::of).collect(Collectors.toSet());
  }

  @Override
  public Copy copy(Chance chance) {
    return new Copy() {
      @Override
      public Weights.Source source() {
        return base.withLayers((name, layer) -> adapted(chance, name, layer));
      }

      @Override
      public List<Parameter> parameters() {
        return LearntAdapter.this.parameters();
      }
    };
  }

  /// Weights that are asked for once: a second time they would be converted or quantised again,
  /// into more memory.
  private static final class Remembered implements Weights.Source {
    private final Weights.Source source;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Optional<QuantizedMatrix>> matrices = new HashMap<>();

    Remembered(Weights.Source source) {
      this.source = source;
    }

    @Override
    public Tensor tensor(String name) {
      return tensors.computeIfAbsent(name, source::tensor);
    }

    @Override
    public Optional<QuantizedMatrix> quantized(String name) {
      return matrices.computeIfAbsent(name, source::quantized);
    }
  }

  /// A layer of the base with the adapter on it.
  private Linear adapted(Chance chance, String name, Linear layer) {
    double dropped = adapter.config().dropout();
    long site = SITE + name.hashCode();
    LowRank.Dropout dropout =
        dropped == 0 ? LowRank.Dropout.NONE : x -> chance.drop(x, dropped, site);
    var change = adapter.on(name, layer, dropout, owner);
    if (change.isEmpty()) {
      return layer;
    }
    layers.put(name, new Grown(layer, change.get()));
    learn(change.get());
    return new Linear.Adapted(layer, List.of(change.get()));
  }

  @Override
  public Weights.Source present(Owner holder) {
    return base.withLayers((name, layer) -> {
      var grown = layers.get(name);
      return grown == null
          ? layer
          : new Linear.Adapted(layer, List.of(atRest(grown.change(), holder)));
    });
  }

  /// The same change over the same memory, which learns and drops nothing.
  private static LowRank atRest(LowRank change, Owner holder) {
    try (var _ = Scope.open()) {
      var a = holder.hold(change.a().detach());
      var b = holder.hold(change.b().detach());
      var lora = new LowRank.Lora(a, b, change.scale(), LowRank.Dropout.NONE);
      return switch (change) {
        case LowRank.Lora _ -> lora;
        case LowRank.Dora dora ->
            new LowRank.Dora(lora, holder.hold(dora.magnitude().detach()), dora.lengths());
      };
    }
  }

  private static void learn(LowRank change) {
    change.a().track();
    change.b().track();
    if (change instanceof LowRank.Dora dora) {
      dora.magnitude().track();
    }
  }

  private List<Parameter> parameters() {
    var all = new ArrayList<Parameter>();
    layers.forEach((layer, grown) -> {
      var change = grown.change();
      all.add(new Parameter(layer + ".lora_A.weight", change.a()));
      all.add(new Parameter(layer + ".lora_B.weight", change.b()));
      if (change instanceof LowRank.Dora dora) {
        all.add(new Parameter(layer + ".lora_magnitude_vector", dora.magnitude()));
      }
    });
    return List.copyOf(all);
  }

  /// The numbers of an adapter are so few that its model is one that is too large for copies.
  @Override
  public int mostCopies() {
    return 1;
  }

  /// DoRA divides by lengths that have changed.
  @Override
  public void stepped() {
    for (var grown : layers.values()) {
      if (grown.change() instanceof LowRank.Dora dora) {
        dora.measure(grown.base());
      }
    }
  }

  /// An adapter's folder, as PEFT has them.
  @Override
  public void write(Path folder) {
    var changes = new LinkedHashMap<String, LowRank>();
    layers.forEach((layer, grown) -> changes.put(layer, grown.change()));
    AdapterFiles.write(folder, adapter.config(), changes);
  }

  @Override
  public void read(Path folder) {
    try (var passing = new Owner()) {
      var written = Adapter.read(adapter.name(), folder, config, passing);
      layers.forEach((layer, grown) -> {
        var change = grown.change();
        var numbers = written.layers().get(layer);
        if (numbers == null) {
          throw new InputException(
              "%s has no change for %s; go on with the settings that the run began with."
                  .formatted(folder, layer));
        }
        change.a().detach().copyFrom(numbers.a());
        change.b().detach().copyFrom(numbers.b());
        if (change instanceof LowRank.Dora dora) {
          dora.magnitude().detach().copyFrom(numbers.magnitude().orElseThrow());
        }
      });
    }
    stepped();
  }

  @Override
  public String resultName() {
    return "adapter";
  }
}
