package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;

/// The weights of a model folder: `model.safetensors`, or `model.safetensors.index.json` and the
/// shards it names, or `consolidated.pth`, or `consolidated.00.pth` and those that follow it.
///
/// All files are mapped for as long as the checkpoint is open; segments from [#data] end with it.
/// Any thread may read. The files must not shrink meanwhile.
public final class Checkpoint implements AutoCloseable {
  private record Stored(TensorFile file, String name, TensorInfo info, RowOrder rows) {}

  /// A cache line: native code reads copies as fast as it can.
  static final long ALIGNMENT = 64;

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
    return open(folder, Dialect.AS_STORED);
  }

  /// Opens a folder whose tensors are seen through a dialect.
  public static Checkpoint open(Path folder, Dialect dialect) {
    return open(folder, dialect, arena -> CheckpointFolder.open(folder, arena));
  }

  /// Opens one file of weights, whatever its name: safetensors, or what `torch.save` writes.
  public static Checkpoint openFile(Path file, Dialect dialect) {
    boolean safetensors = String.valueOf(file.getFileName()).endsWith(".safetensors");
    return open(
        file,
        dialect,
        arena ->
            List.of(safetensors ? SafetensorsFile.open(file, arena) : PthFile.open(file, arena)));
  }

  @SuppressWarnings("MustBeClosedChecker") // the checkpoint owns the arena and closes it
  private static Checkpoint open(
      Path place, Dialect dialect, Function<Arena, List<? extends TensorFile>> files) {
    var arena = Arena.ofShared();
    try {
      var stored = new LinkedHashMap<String, Stored>();
      for (var file : files.apply(arena)) {
        for (var info : file.tensors().values()) {
          dialect.view(info).ifPresent(view -> add(stored, file, info, view));
        }
      }
      return new Checkpoint(place, arena, stored);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static void add(
      SequencedMap<String, Stored> stored, TensorFile file, TensorInfo info, TensorView view) {
    var seen = new TensorInfo(view.name(), info.dtype(), view.shape(), info.file());
    if (seen.bytes() != info.bytes()) {
      throw new IllegalArgumentException(
          "%s is seen as %s %s, but has %,d bytes"
              .formatted(info.name(), view.name(), view.shape(), info.bytes()));
    }
    var other = stored.putIfAbsent(view.name(), new Stored(file, info.name(), seen, view.rows()));
    if (other != null) {
      throw new InputException(
          "%s holds \"%s\" and %s holds \"%s\", which are both %s; remove one of them."
              .formatted(
                  other.info().file(),
                  Excerpt.of(other.name()),
                  info.file(),
                  Excerpt.of(info.name()),
                  Excerpt.of(view.name())));
    }
  }

  /// The folder, or the file if only that was opened.
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

  /// The bytes of a tensor, little-endian, row-major; not necessarily aligned. They are the mapped
  /// ones, read-only, unless they lie otherwise in the file or are seen in another order: then they
  /// are a copy, made with each call and kept as long as the checkpoint.
  ///
  /// @throws InputException if there is none of this name
  public MemorySegment data(String name) {
    return data(name, arena);
  }

  /// The same with copies whose life the caller decides.
  ///
  /// @param copies gives the memory for a copy, if there has to be one
  public MemorySegment data(String name, SegmentAllocator copies) {
    var tensor = find(name);
    var data = tensor.file().data(tensor.name(), copies);
    return switch (tensor.rows()) {
      case RowOrder.AsStored() -> data;
      case RowOrder.Permuted permuted -> {
        var copy = copies.allocate(data.byteSize(), ALIGNMENT);
        permuted.copy(data, copy, tensor.info().shape().sizes().getFirst());
        yield copy;
      }
    };
  }

  /// Tells these weights from others, also of the same sizes: depends on names, types and shapes,
  /// on when the files were last changed, and on some numbers of every tensor, which is fast
  /// however large they are.
  ///
  /// @param settings a file that says what the weights are for, all of which counts
  /// @throws InputException if a file is gone
  public String fingerprint(Path settings) {
    var sum = new Fingerprint();
    sum.whole(settings);
    stored.values().stream().map(tensor -> tensor.info().file()).distinct().forEach(sum::file);
    try (var copies = Arena.ofConfined()) {
      stored.forEach(
          (name, tensor) -> sum.tensor(tensor.info(), tensor.file().data(tensor.name(), copies)));
    }
    return sum.text();
  }

  /// Size of all tensors in bytes; numbers that two tensors share count once.
  public long bytes() {
    record Place(Path file, long begin, long bytes) {}
    return stored.values().stream()
        .map(t -> new Place(t.info().file(), t.file().place(t.name()), t.info().bytes()))
        .distinct()
        .mapToLong(Place::bytes)
        .sum();
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
