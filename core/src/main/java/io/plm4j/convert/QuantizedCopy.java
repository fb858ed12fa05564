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
import io.plm4j.model.QuantizedWeights;
import io.plm4j.model.StoredWeights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantError;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongConsumer;

/// A model on its way into fewer bits, which has been found possible. One matrix is in memory at a
/// time; a file wants its scales before its codes, so each is quantised twice. For one thread.
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
  private Arena passing = Arena.ofConfined();
  private String held = "";
  private Map<String, MemorySegment> parts = Map.of();

  @SuppressWarnings("MustBeClosedChecker") // the arena is closed with this
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
    QuantizedTensors.layout(weight, shape, format)
        .forEach((name, stored) ->
            tensors.add(
                new TensorSource(
                    name, stored.type(), stored.shape(), () -> part(weight, format, name))));
  }

  private MemorySegment part(String weight, QuantFormat format, String name) {
    if (!held.equals(weight)) {
      hold(weight, format);
    }
    return Objects.requireNonNull(parts.get(name), name);
  }

  /// Quantises a weight in the place of the one before.
  @SuppressWarnings("MustBeClosedChecker") // closed with the next call, or with this
  private void hold(String weight, QuantFormat format) {
    passing.close();
    passing = Arena.ofConfined();
    held = "";
    parts = new HashMap<>();
    var layout = QuantizedTensors.layout(weight, shape(weight), format);
    quantized.quantize(
        weight,
        format,
        (dense, matrix) -> {
          errors.computeIfAbsent(weight, _ -> kernels.error(dense, matrix));
          for (var source : QuantizedTensors.of(weight, matrix, dense.dtype())) {
            var stored = Objects.requireNonNull(layout.get(source.name()), source.name());
            var data = source.data().get();
            // What is shorter is JSON, after which blanks mean nothing.
            var room = passing.allocate(stored.shape().elements() * stored.type().bytes(), 64);
            room.fill((byte) ' ').asSlice(0, data.byteSize()).copyFrom(data);
            parts.put(source.name(), room);
          }
          return weight;
        });
    held = weight;
  }

  private Shape shape(String weight) {
    var expected = config.expectedTensors();
    var name = expected.containsKey(weight) ? weight : HfNames.EMBEDDING;
    return Objects.requireNonNull(expected.get(name));
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
    try (var staging = StagingFolder.create(to, tensorBytes() + others.bytes())) {
      others.copyQuantized(staging.path(), Quantization.json(recipe));
      CheckpointWriter.write(staging.path(), tensors, maxShardBytes, written);
      staging.complete();
    }
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
