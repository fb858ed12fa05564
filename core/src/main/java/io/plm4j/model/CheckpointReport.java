package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What a checkpoint has, held against what its configuration asks for.
///
/// @param missing names that the configuration asks for and no file has
/// @param unexpected tensors that the configuration has no use for
/// @param misshapen tensors of another shape than the configuration gives them
/// @param unsupported tensors of an element type that weights cannot have, such as I64
public record CheckpointReport(
    Path folder,
    List<String> missing,
    List<TensorInfo> unexpected,
    List<Misshapen> misshapen,
    List<TensorInfo> unsupported) {

  /// @param wanted the shape that the configuration gives it
  public record Misshapen(TensorInfo found, Shape wanted) {}

  public CheckpointReport {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    misshapen = List.copyOf(misshapen);
    unsupported = List.copyOf(unsupported);
  }

  /// Compares. A tied checkpoint may store the head once more if it is, byte for byte, the
  /// embedding; some exporters do that.
  ///
  /// @param checkpoint opened by [PlmCheckpoint]
  public static CheckpointReport of(PlmConfig config, Checkpoint checkpoint) {
    var expected = config.expectedTensors();
    var missing = new ArrayList<String>();
    var misshapen = new ArrayList<Misshapen>();
    var unsupported = new ArrayList<TensorInfo>();
    var used = new HashSet<>(expected.keySet());
    expected.forEach((name, shape) -> {
      if (!checkpoint.names().contains(name)) {
        missing.add(name);
        return;
      }
      var info = checkpoint.info(name);
      var found =
          isLinear(name, shape)
              ? QuantizedTensors.find(name, checkpoint)
              : Optional.<QuantizedTensors.Found>empty();
      if (found.isPresent()) {
        used.addAll(found.get().names());
        lacking(found.get(), checkpoint).forEach(missing::add);
        misshapen(found.get(), info, shape).ifPresent(misshapen::add);
        return;
      }
      if (!info.shape().equals(shape)) {
        misshapen.add(new Misshapen(info, shape));
      }
      if (!isWeightType(info)) {
        unsupported.add(info);
      }
    });
    if (config.decoder().tiedHead() && checkpoint.names().contains(HfNames.HEAD)) {
      // A packed copy of the embedding, which stays dense.
      QuantizedTensors.find(HfNames.HEAD, checkpoint)
          .ifPresent(head -> {
            used.addAll(head.names());
            lacking(head, checkpoint).forEach(missing::add);
            var wanted = Objects.requireNonNull(expected.get(HfNames.EMBEDDING));
            misshapen(head, checkpoint.info(HfNames.HEAD), wanted).ifPresent(misshapen::add);
          });
    }
    return new CheckpointReport(
        checkpoint.folder(), missing, unexpected(used, checkpoint), misshapen, unsupported);
  }

  private static List<String> lacking(QuantizedTensors.Found found, Checkpoint checkpoint) {
    return found.names().stream().filter(part -> !checkpoint.names().contains(part)).toList();
  }

  private static Optional<Misshapen> misshapen(
      QuantizedTensors.Found found, TensorInfo info, Shape wanted) {
    return found.shape().equals(wanted)
        ? Optional.empty()
        : Optional.of(
            new Misshapen(
                new TensorInfo(info.name(), info.dtype(), found.shape(), info.file()), wanted));
  }

  static boolean isLinear(String name, Shape shape) {
    return shape.rank() == 2 && !name.equals(HfNames.EMBEDDING);
  }

  private static boolean isWeightType(TensorInfo info) {
    return switch (info.dtype()) {
      case F32, BF16, F16 -> true;
      case F64, I64, I32, I16, I8, U8, BOOL -> false;
    };
  }

  private static List<TensorInfo> unexpected(Set<String> used, Checkpoint checkpoint) {
    var unexpected = new ArrayList<TensorInfo>();
    checkpoint
        .tensors()
        .forEach((name, info) -> {
          if (!used.contains(name) && !isCopyOfEmbedding(name, checkpoint)) {
            unexpected.add(info);
          }
        });
    return unexpected;
  }

  private static boolean isCopyOfEmbedding(String name, Checkpoint checkpoint) {
    if (!name.equals(HfNames.HEAD)
        || !checkpoint.names().contains(HfNames.EMBEDDING)
        || checkpoint.info(name).dtype() != checkpoint.info(HfNames.EMBEDDING).dtype()) {
      return false;
    }
    var head = checkpoint.data(name);
    var embedding = checkpoint.data(HfNames.EMBEDDING);
    // Meta's checkpoints store both in one place; half a gigabyte need not be compared then.
    boolean samePlace =
        head.address() == embedding.address() && head.byteSize() == embedding.byteSize();
    return samePlace || head.mismatch(embedding) < 0;
  }

  /// Whether the checkpoint is exactly what the configuration asks for.
  public boolean isComplete() {
    return missing.isEmpty()
        && unexpected.isEmpty()
        && misshapen.isEmpty()
        && unsupported.isEmpty();
  }

  /// @throws InputException naming some of each kind, if there are any
  public void requireComplete() {
    if (isComplete()) {
      return;
    }
    var parts = new ArrayList<String>();
    if (!missing.isEmpty()) {
      parts.add("%d missing (%s)".formatted(missing.size(), Excerpt.of(missing)));
    }
    if (!misshapen.isEmpty()) {
      var list =
          misshapen.stream()
              .map(m -> m.found().name() + " is " + m.found().shape() + ", not " + m.wanted())
              .toList();
      parts.add("%d of another shape (%s)".formatted(list.size(), Excerpt.of(list)));
    }
    if (!unsupported.isEmpty()) {
      var list = unsupported.stream().map(t -> t.name() + " is " + t.dtype()).toList();
      parts.add("%d neither F32, BF16 nor F16 (%s)".formatted(list.size(), Excerpt.of(list)));
    }
    if (!unexpected.isEmpty()) {
      var list = unexpected.stream().map(TensorInfo::name).toList();
      parts.add("%d unexpected (%s)".formatted(list.size(), Excerpt.of(list)));
    }
    throw new InputException(
        "%s: the tensors are not those that %s describes: %s. %s"
            .formatted(folder, Layout.of(folder).configFile(), String.join("; ", parts), remedy()));
  }

  private String remedy() {
    boolean ownHead = unexpected.stream().anyMatch(t -> t.name().equals(HfNames.HEAD));
    if (ownHead && unexpected.size() == 1 && missing.isEmpty()) {
      return "It has a head of its own: set \"%s\" to false.".formatted(tyingKey());
    }
    if (missing.equals(List.of(HfNames.HEAD)) && unexpected.isEmpty()) {
      return "It has no head of its own: set \"%s\" to true, or fetch the checkpoint again."
          .formatted(tyingKey());
    }
    return "Fetch %s and the weights of the same model again."
        .formatted(Layout.of(folder).configFile());
  }

  private String tyingKey() {
    return switch (Layout.of(folder)) {
      case HUGGING_FACE -> "tie_word_embeddings";
      case ORIGINAL -> "weight_tying";
    };
  }
}
