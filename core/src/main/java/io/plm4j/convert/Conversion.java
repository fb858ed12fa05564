package io.plm4j.convert;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.PthWriter;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.HfNames;
import io.plm4j.model.MetaNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A conversion that has been found possible: everything but the numbers was read and checked.
public final class Conversion implements AutoCloseable {
  /// Beside the weights there is a tokenizer of 17 MB at most, and small files.
  private static final long SIDE_FILES_BYTES = 20_000_000;

  private final ModelFiles files;
  private final Layout target;
  private final DType type;
  private final Checkpoint weights;
  private final ConvertedNumbers numbers;
  private final List<TensorSource> tensors;

  private Conversion(ModelFiles files, Layout target, Checkpoint weights, Optional<DType> type) {
    this.files = files;
    this.target = target;
    this.weights = weights;
    // What the model is to be computed in, where neither the caller nor its files say it.
    this.type = type.or(files.config()::storedType).orElseGet(() -> mostFrequentType(weights));
    numbers = new ConvertedNumbers(weights, type);
    tensors = names(files, target).stream().map(numbers::source).toList();
  }

  /// Reads a model's folder and checks that all of it can be said in the other layout.
  ///
  /// @param from a folder of either layout, or one whose subfolder `original` is
  /// @param type into which the numbers are converted; empty to keep every bit
  /// @throws InputException if the model is incomplete, is in the target's layout already, or has
  ///   something that the target has no place for
  @SuppressWarnings("MustBeClosedChecker") // the conversion owns the checkpoint and closes it
  public static Conversion prepare(Path from, Layout target, Optional<DType> type) {
    var folder = Layout.locate(from);
    var source = Layout.of(folder);
    if (source == target) {
      throw new InputException(
          "%s is in the wanted layout already: it has %s. Copy it, or name the other layout."
              .formatted(folder, source.configFile()));
    }
    var files = ModelFiles.read(folder);
    files.requireExpressible(target);
    try (var checkpoint = PlmCheckpoint.open(folder, files.config())) {
      CheckpointReport.of(files.config(), checkpoint).requireComplete();
      if (QuantizedTensors.areIn(checkpoint)) {
        throw new InputException(
            "%s is quantised, for which the other layout has no place; convert the model that it was made from."
                .formatted(folder));
      }
    }
    var weights = Checkpoint.open(folder, dialect(source, target, files));
    try {
      return new Conversion(files, target, weights, type);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /// From the source's names to those in here, and from there to the target's. A stored copy of the
  /// embedding, as the head of a tied model, is left out: the target says so by other means.
  private static Dialect dialect(Layout source, Layout target, ModelFiles files) {
    var config = files.config();
    Dialect withoutCopy =
        Dialect.renaming(name ->
            config.decoder().tiedHead() && name.equals(HfNames.HEAD)
                ? Optional.empty()
                : Optional.of(name));
    var here = PlmCheckpoint.dialect(source, config).then(withoutCopy);
    return switch (target) {
      case HUGGING_FACE -> here;
      case ORIGINAL -> here.then(MetaNames.fromCanonical(config));
    };
  }

  /// In the order in which the model uses them, whatever the order in the files.
  private static List<String> names(ModelFiles files, Layout target) {
    var expected = files.config().expectedTensors();
    return switch (target) {
      case HUGGING_FACE -> List.copyOf(expected.sequencedKeySet());
      case ORIGINAL -> expected.sequencedKeySet().stream().map(MetaNames::metaName).toList();
    };
  }

  /// Bytes of all tensors as they will be written.
  public long tensorBytes() {
    return tensors.stream().mapToLong(TensorSource::bytes).sum();
  }

  /// Number of tensors that will be written.
  public int tensorCount() {
    return tensors.size();
  }

  /// What the source says that the target will not, and that no computation depends on: keys that
  /// plm4j does not know.
  public List<String> leftOut() {
    return files.leftOut();
  }

  /// Writes the folder. It appears under its name only when it is complete: until then it is called
  /// `<name>.partial`, and if anything fails, that is removed.
  ///
  /// @param to must not exist, or be empty
  /// @param maxShardBytes of the tensors in a file, in Hugging Face's layout; Meta's has one file
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the conversion
  /// @throws InputException if the folder is not empty, there is no space, or it cannot be written
  public void write(Path to, long maxShardBytes, LongConsumer written) {
    try (var staging = StagingFolder.create(to, tensorBytes() + SIDE_FILES_BYTES)) {
      var folder = staging.path();
      switch (target) {
        case HUGGING_FACE -> {
          HuggingFaceFiles.write(files, type, folder);
          CheckpointWriter.write(folder, tensors, maxShardBytes, written);
        }
        case ORIGINAL -> {
          OriginalFiles.write(files, type, folder);
          PthWriter.write(folder.resolve("consolidated.pth"), tensors, aliases(), written);
        }
      }
      files.requireSame(folder);
      staging.complete();
    }
  }

  private static DType mostFrequentType(Checkpoint weights) {
    return weights.countByType().entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(DType.F32);
  }

  private Map<String, String> aliases() {
    return files.config().decoder().tiedHead()
        ? Map.of(MetaNames.TIED_HEAD, MetaNames.metaName(HfNames.EMBEDDING))
        : Map.of();
  }

  @Override
  public void close() {
    numbers.close();
    weights.close();
  }
}
