package io.plm4j.convert;

import io.plm4j.adapter.AdaptedWeights;
import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.BaseModel;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Linear;
import io.plm4j.nn.LowRank;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// Adapters on their way into the weights of their model, which has been found possible. What was
/// quantised becomes dense. One tensor is in memory at a time. For one thread.
public final class Merge implements AutoCloseable {
  private static final String WEIGHT = ".weight";

  private final Path folder;
  private final PlmConfig config;
  private final Checkpoint weights;
  private final List<Adapter> adapters;
  private final Owner owner;
  private final Kernels kernels;
  private final Optional<DType> type;
  private final ConvertedNumbers numbers;
  private final List<TensorSource> tensors;
  private final Set<String> changed;
  private Arena passing = Arena.ofConfined();

  @SuppressWarnings("MustBeClosedChecker") // the arena is closed with this
  private Merge(
      Path folder,
      PlmConfig config,
      Checkpoint weights,
      List<Adapter> adapters,
      Owner owner,
      Kernels kernels,
      Optional<DType> type) {
    this.folder = folder;
    this.config = config;
    this.weights = weights;
    this.adapters = adapters;
    this.owner = owner;
    this.kernels = kernels;
    this.type = type;
    numbers = new ConvertedNumbers(weights, type);
    changed = new HashSet<>();
    adapters.forEach(adapter -> changed.addAll(adapter.layers().keySet()));
    tensors =
        config.expectedTensors().entrySet().stream()
            .map(entry -> source(entry.getKey(), entry.getValue()))
            .toList();
  }

  /// Reads a model's folder and its adapters', and checks that they belong together.
  ///
  /// @param from the model, in Hugging Face's layout
  /// @param adapterFolders in the order in which they follow each other, by name
  /// @param type of the result; empty to leave every tensor in the type that it has
  /// @param threads how many cores to use
  /// @throws InputException if they do not fit each other, or something is damaged
  @SuppressWarnings("MustBeClosedChecker") // the merge owns the checkpoint and closes it
  public static Merge prepare(
      Path from, Map<String, Path> adapterFolders, Optional<DType> type, int threads) {
    var folder = Layout.locate(from);
    if (Layout.of(folder) != Layout.HUGGING_FACE) {
      throw new InputException(
          "%s is in Meta's layout; adapters are merged in Hugging Face's. Convert it first: plm convert --to hf."
              .formatted(folder));
    }
    var config = PlmConfig.read(folder);
    var weights = PlmCheckpoint.open(folder, config);
    var owner = new Owner();
    try {
      CheckpointReport.of(config, weights).requireComplete();
      var adapters =
          adapterFolders.entrySet().stream()
              .map(entry -> Adapter.read(entry.getKey(), entry.getValue(), config, owner))
              .toList();
      requireOwnHead(config, adapters);
      return new Merge(folder, config, weights, adapters, owner, Kernels.create(threads), type);
    } catch (RuntimeException | Error e) {
      owner.close();
      weights.close();
      throw e;
    }
  }

  private static void requireOwnHead(PlmConfig config, List<Adapter> adapters) {
    for (var adapter : adapters) {
      if (config.decoder().tiedHead() && adapter.layers().containsKey(layer(HfNames.HEAD))) {
        throw new InputException(
            "the adapter %s changes the output head, which is the embedding in this model; merging would change both. Use it unmerged, with --adapter."
                .formatted(adapter.name()));
      }
    }
  }

  private static String layer(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length());
  }

  private TensorSource source(String name, Shape shape) {
    var quantized = QuantizedTensors.typeOf(name, weights, config);
    boolean adapted = name.endsWith(WEIGHT) && changed.contains(layer(name));
    if (quantized.isEmpty() && !adapted) {
      return numbers.source(name);
    }
    var target = type.or(() -> quantized).orElseGet(() -> weights.info(name).dtype());
    return new TensorSource(name, target, shape, () -> merged(name, target));
  }

  /// The weights of a layer with everything baked in, rounded once.
  @SuppressWarnings("MustBeClosedChecker") // closed with the next call, or with this
  private MemorySegment merged(String name, DType target) {
    passing.close();
    passing = Arena.ofConfined();
    try (var step = new Owner();
        var _ = Scope.open()) {
      var stored = new StoredWeights(weights, DType.F32, step);
      Linear base =
          stored
              .quantized(name)
              .<Linear>map(matrix -> new Linear.Quantized(matrix, null, kernels))
              .orElseGet(() -> new Linear.Dense(stored.tensor(name), null, kernels));
      var dense =
          new AdaptedWeights(stored, adapters, LowRank.Dropout.NONE, step)
              .adapted(layer(name), base)
              .weight(DType.F32);
      var out = passing.allocate(dense.elements() * target.bytes(), 64);
      Tensor.over(out, target, dense.shape()).copyFrom(dense);
      if (target == DType.F16) {
        ConvertedNumbers.requireFinite(name, out);
      }
      return out;
    }
  }

  /// Bytes of all tensors as they will be written.
  public long tensorBytes() {
    return tensors.stream().mapToLong(TensorSource::bytes).sum();
  }

  /// Number of tensors that will be written.
  public int tensorCount() {
    return tensors.size();
  }

  /// Number of layers whose weights become other ones.
  public int changedLayers() {
    return changed.size();
  }

  /// What speaks against these adapters on this model, but does not rule it out.
  public List<String> warnings() {
    return adapters.stream()
        .flatMap(adapter -> BaseModel.warnings(adapter, folder).stream())
        .toList();
  }

  /// Writes the model's folder with other weights. It appears under its name only when it is
  /// complete.
  ///
  /// @param to must not exist, or be empty
  /// @param maxShardBytes of the tensors in a file
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the work
  /// @throws InputException if the folder is not empty, there is no space, or it cannot be written
  public void write(Path to, long maxShardBytes, LongConsumer written) {
    var others = new OtherFiles(folder);
    try (var staging = StagingFolder.create(to, tensorBytes() + others.bytes())) {
      others.copy(staging.path(), configType());
      CheckpointWriter.write(staging.path(), tensors, maxShardBytes, written);
      staging.complete();
    }
  }

  /// What config.json is to say of the type; empty to leave it as it is.
  private Optional<DType> configType() {
    if (type.isPresent() || !QuantizedTensors.areIn(weights)) {
      return type;
    }
    return tensors.stream()
        .map(tensor -> QuantizedTensors.typeOf(tensor.name(), weights, config))
        .flatMap(Optional::stream)
        .findFirst();
  }

  @Override
  public void close() {
    passing.close();
    numbers.close();
    kernels.close();
    owner.close();
    weights.close();
  }
}
