package io.plm4j.convert;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.HfNames;
import io.plm4j.model.InputMoments;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.Quantization;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.QuantizedTensors.Stored;
import io.plm4j.model.QuantizedWeights;
import io.plm4j.model.StoredWeights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantError;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A model on its way into fewer bits, which has been found possible. One matrix is in memory at a
/// time, in the order of the model. A file wants all scales before all codes, so what is computed
/// waits on the disk for its turn. For one thread.
public final class QuantizedCopy implements AutoCloseable {
  private final Path folder;
  private final PlmConfig config;
  private final QuantizationRecipe recipe;
  private final Checkpoint weights;
  private final Kernels kernels;
  private final ConvertedNumbers numbers;
  private final Owner owner = new Owner();
  private final QuantizedWeights quantized;
  private final List<TensorSource> tensors = new ArrayList<>();
  private final SequencedMap<String, QuantError> errors = new LinkedHashMap<>();
  private final List<Quantized> inOrder = new ArrayList<>();
  private final Deque<Quantized> left = new ArrayDeque<>();
  private @Nullable WaitingParts parts;

  /// A weight that is to be quantised.
  private record Quantized(String weight, QuantFormat format, Map<String, Stored> layout) {
    long bytes() {
      return layout.values().stream()
          .mapToLong(stored -> stored.shape().elements() * stored.type().bytes())
          .sum();
    }
  }

  private QuantizedCopy(
      Path folder,
      PlmConfig config,
      QuantizationRecipe recipe,
      Checkpoint weights,
      Kernels kernels,
      InputMoments moments) {
    this.folder = folder;
    this.config = config;
    this.recipe = recipe;
    this.weights = weights;
    this.kernels = kernels;
    numbers = new ConvertedNumbers(weights, Optional.empty());
    quantized =
        new QuantizedWeights(
            new StoredWeights(weights, DType.F32, owner), recipe, kernels, moments);
    config.expectedTensors().forEach(this::add);
    if (config.decoder().tiedHead()) {
      var shape = Objects.requireNonNull(config.expectedTensors().get(HfNames.EMBEDDING));
      recipe.formatOf(HfNames.HEAD).ifPresent(format -> add(HfNames.HEAD, shape, format));
    }
  }

  /// Reads a model's folder and checks that it is complete.
  ///
  /// @param from the model, in Hugging Face's layout
  /// @param threads how many cores to use
  /// @param moments by which codes of int4 are chosen, where they are known
  /// @throws InputException if it is not, or is quantised already
  @SuppressWarnings("MustBeClosedChecker") // the copy owns the checkpoint and closes it
  public static QuantizedCopy prepare(
      Path from, QuantizationRecipe recipe, int threads, InputMoments moments) {
    var folder = Layout.locate(from);
    if (Layout.of(folder) != Layout.HUGGING_FACE) {
      throw new InputException(
          "%s is in Meta's layout; quantised models are written in Hugging Face's. Convert it first: plm convert --to hf."
              .formatted(folder));
    }
    var config = PlmConfig.read(folder);
    var weights = PlmCheckpoint.open(folder, config);
    try {
      CheckpointReport.of(config, weights).requireComplete();
      if (QuantizedTensors.areIn(weights)) {
        throw new InputException(
            "%s is quantised already; quantise the model that it was made from.".formatted(folder));
      }
      return new QuantizedCopy(folder, config, recipe, weights, Kernels.create(threads), moments);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private void add(String name, Shape shape) {
    var format = recipe.formatOf(name, shape);
    if (format.isPresent()) {
      add(name, shape, format.get());
    } else {
      tensors.add(numbers.source(name));
    }
  }

  private void add(String weight, Shape shape, QuantFormat format) {
    var layout = QuantizedTensors.layout(weight, shape, format);
    inOrder.add(new Quantized(weight, format, layout));
    layout.forEach((name, stored) ->
        tensors.add(new TensorSource(name, stored.type(), stored.shape(), () -> part(name))));
  }

  /// A tensor of a quantised weight, after all weights before it.
  private MemorySegment part(String name) {
    var waiting = Objects.requireNonNull(parts);
    while (!waiting.has(name)) {
      quantize(left.removeFirst(), waiting);
    }
    return waiting.get(name);
  }

  private void quantize(Quantized next, WaitingParts waiting) {
    quantized.quantize(
        next.weight(),
        next.format(),
        (dense, matrix) -> {
          errors.put(next.weight(), kernels.error(dense, matrix));
          for (var source : QuantizedTensors.of(next.weight(), matrix, dense.dtype())) {
            var stored = Objects.requireNonNull(next.layout().get(source.name()), source.name());
            waiting.put(source.name(), filled(source.data().get(), stored));
          }
          return next;
        });
  }

  /// Few numbers come in arrays; what is shorter than its place is JSON, after which blanks mean
  /// nothing.
  private static MemorySegment filled(MemorySegment data, Stored stored) {
    long bytes = stored.shape().elements() * stored.type().bytes();
    if (data.isNative() && data.byteSize() == bytes) {
      return data;
    }
    var room = MemorySegment.ofArray(new byte[(int) bytes]);
    room.fill((byte) ' ').asSlice(0, data.byteSize()).copyFrom(data);
    return room;
  }

  /// Bytes of all tensors as they will be written.
  public long tensorBytes() {
    return tensors.stream().mapToLong(TensorSource::bytes).sum();
  }

  /// Bytes of all tensors as they are.
  public long originalBytes() {
    return weights.bytes();
  }

  /// How far each quantised weight is from what it was, by name; filled while writing.
  public SequencedMap<String, QuantError> errors() {
    return new LinkedHashMap<>(errors);
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
    long waiting = inOrder.stream().mapToLong(Quantized::bytes).sum();
    try (var staging = StagingFolder.create(to, tensorBytes() + waiting + others.bytes())) {
      others.copyQuantized(staging.path(), Quantization.json(recipe));
      try (var file = WaitingParts.in(staging.path().resolve("waiting"))) {
        parts = file;
        left.addAll(inOrder);
        CheckpointWriter.write(staging.path(), tensors, maxShardBytes, written);
      } finally {
        parts = null;
        left.clear();
      }
      staging.complete();
    }
  }

  @Override
  public void close() {
    numbers.close();
    kernels.close();
    owner.close();
    weights.close();
  }
}
