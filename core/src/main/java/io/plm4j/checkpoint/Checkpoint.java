package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;

/// The weights of a model folder in the Hugging Face layout: `model.safetensors`, or
/// `model.safetensors.index.json` and the shards it names.
///
/// All files are mapped for as long as the checkpoint is open; segments from [#data] end with it.
/// Any thread may read. The files must not shrink meanwhile.
public final class Checkpoint implements AutoCloseable {
  private record Stored(SafetensorsFile file, String name, TensorInfo info) {}

  private final Path folder;
  private final Arena arena;
  private final SequencedMap<String, Stored> stored;

  private Checkpoint(Path folder, Arena arena, SequencedMap<String, Stored> stored) {
    this.folder = folder;
    this.arena = arena;
    this.stored = Collections.unmodifiableSequencedMap(stored);
  }

  /// Opens a folder with the names that its files use.
  public static Checkpoint open(Path folder) {
    return open(folder, Optional::of);
  }

  /// Opens a folder and renames its tensors.
  ///
  /// @param dialect from the name in the file to the one in here; empty for a tensor to leave out
  @SuppressWarnings("MustBeClosedChecker") // the checkpoint owns the arena and closes it
  public static Checkpoint open(Path folder, Function<String, Optional<String>> dialect) {
    var arena = Arena.ofShared();
    try {
      var stored = new LinkedHashMap<String, Stored>();
      for (var file : CheckpointFolder.open(folder, arena)) {
        for (var info : file.tensors().values()) {
          dialect.apply(info.name()).ifPresent(name -> add(stored, file, info, name));
        }
      }
      return new Checkpoint(folder, arena, stored);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static void add(
      SequencedMap<String, Stored> stored, SafetensorsFile file, TensorInfo info, String name) {
    var renamed = new TensorInfo(name, info.dtype(), info.shape(), info.file());
    var other = stored.putIfAbsent(name, new Stored(file, info.name(), renamed));
    if (other != null) {
      throw new InputException(
          "%s holds \"%s\" and %s holds \"%s\", which are both %s; remove one of them."
              .formatted(
                  other.info().file(),
                  Excerpt.of(other.name()),
                  info.file(),
                  Excerpt.of(info.name()),
                  Excerpt.of(name)));
    }
  }

  public Path folder() {
    return folder;
  }

  /// All tensors, file by file in the order of their bytes.
  public SequencedMap<String, TensorInfo> tensors() {
    var tensors = new LinkedHashMap<String, TensorInfo>();
    stored.forEach((name, tensor) -> tensors.put(name, tensor.info()));
    return tensors;
  }

  public SequencedSet<String> names() {
    return stored.sequencedKeySet();
  }

  /// What is known of a tensor.
  ///
  /// @throws InputException if there is none of this name
  public TensorInfo info(String name) {
    return find(name).info();
  }

  /// The mapped bytes of a tensor, read-only, little-endian, row-major; not necessarily aligned.
  ///
  /// @throws InputException if there is none of this name
  public MemorySegment data(String name) {
    var tensor = find(name);
    return tensor.file().data(tensor.name());
  }

  /// Size of all tensors in bytes.
  public long bytes() {
    return stored.values().stream().mapToLong(tensor -> tensor.info().bytes()).sum();
  }

  /// How many tensors there are of each element type that occurs.
  public Map<DType, Long> countByType() {
    var counts = new EnumMap<DType, Long>(DType.class);
    stored.values().forEach(tensor -> counts.merge(tensor.info().dtype(), 1L, Long::sum));
    return counts;
  }

  @Override
  public void close() {
    arena.close();
  }

  private Stored find(String name) {
    var tensor = stored.get(name);
    if (tensor == null) {
      throw new InputException(
          "%s has no tensor \"%s\"; it has %d others."
              .formatted(folder, Excerpt.of(name), stored.size()));
    }
    return tensor;
  }
}
