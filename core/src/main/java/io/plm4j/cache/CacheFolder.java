package io.plm4j.cache;

import io.plm4j.checkpoint.SafetensorsFile;
import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scattered;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Tensors on disk, a file a key. Several processes may use a folder at once.
///
/// Nothing in it can make an answer wrong or fail: a file is written under another name and moved
/// when it is complete; one that is damaged, cut or something else is as none, but for a warning,
/// and is written anew. Sums over the contents tell. A file is never forced to the disk: after a
/// loss of power the sums tell too.
///
/// Which file goes first when there are too many bytes is told by the time of its last change,
/// which reading sets. Files of other versions of plm4j are neither read nor written, but count and
/// age as the others do; files of other names are not touched.
public final class CacheFolder {
  /// Part of every name, so that versions do not meet. To be raised when the same causes give other
  /// numbers, or the files another form.
  static final int VERSION = 1;

  private static final String OURS = "plm4j-v";
  private static final String PREFIX = OURS + VERSION + "-";
  private static final String SUFFIX = ".safetensors";
  private static final String UNFINISHED = ".partial";
  private static final String SUMS = "sums";
  private static final String KEY = "plm4j_cache_key";

  private final Settings settings;
  private final Trim trim;
  private final Set<CacheKey> damaged = new HashSet<>();
  private boolean unwritable;

  /// How a folder is used.
  ///
  /// @param maxBytes of all files together
  /// @param clock tells which file was used last
  /// @param warnings told, in sentences for people, what could not be used or written
  public record Settings(
      Path folder, long maxBytes, InstantSource clock, Consumer<String> warnings) {
    public Settings {
      if (maxBytes < 1) {
        throw new InputException("a cache on disk needs 1 byte or more, but has " + maxBytes);
      }
    }
  }

  private CacheFolder(Settings settings) {
    this.settings = settings;
    this.trim = new Trim(settings, OURS, SUFFIX, UNFINISHED);
  }

  /// Opens a folder, which is made if it is not there.
  ///
  /// @throws InputException if it cannot be made, or is no folder
  public static CacheFolder open(Settings settings) {
    try {
      Files.createDirectories(settings.folder());
    } catch (IOException e) {
      throw new InputException(
          "%s cannot be a folder for the cache: %s. Name another one."
              .formatted(settings.folder(), e),
          e);
    }
    return new CacheFolder(settings);
  }

  /// Whether there is a file for a key, which may still turn out to be damaged.
  public synchronized boolean contains(CacheKey key) {
    return !damaged.contains(key) && Files.isRegularFile(file(key));
  }

  /// Fills tensors with what was kept for a key.
  ///
  /// @param into of the names, types and shapes that were written
  /// @return whether that could be done; where not, what the tensors hold means nothing
  public synchronized boolean read(CacheKey key, List<Scattered> into) {
    if (!contains(key)) {
      return false;
    }
    var file = file(key);
    // Shared, because several threads copy.
    try (var arena = Arena.ofShared()) {
      var stored = SafetensorsFile.open(file, arena);
      requireSame(key, into, stored);
      var sums = new Sums(key, stored.data(SUMS));
      boolean intact =
          IntStream.range(0, into.size())
              .parallel()
              .mapToObj(i -> copy(stored, into.get(i)) && sums.holds(i, into.get(i)))
              .reduce(true, Boolean::logicalAnd);
      if (!intact) {
        throw new InputException("its content is not what was written");
      }
      touch(file);
      return true;
    } catch (InputException | InternalError e) {
      // Another process may have removed it in this moment.
      if (Files.exists(file)) {
        damaged.add(key);
        settings
            .warnings()
            .accept("%s is not used and will be written anew: %s".formatted(file, e.getMessage()));
      }
      return false;
    }
  }

  /// Copies before anything is summed: the copy is what will be used.
  private static boolean copy(SafetensorsFile stored, Scattered into) {
    try {
      into.copyFrom(stored.data(into.name()));
      return true;
    } catch (InternalError _) {
      // What Java makes of a mapped file that somebody cuts.
      return false;
    }
  }

  private static void requireSame(CacheKey key, List<Scattered> into, SafetensorsFile stored) {
    if (!key.hex().equals(stored.metadata().get(KEY))) {
      throw new InputException("it says that it is for something else");
    }
    var wanted = new HashSet<TensorInfo>();
    var found = new HashSet<>(stored.tensors().values());
    var file = found.isEmpty() ? Path.of("") : found.iterator().next().file();
    for (var tensor : into) {
      wanted.add(new TensorInfo(tensor.name(), tensor.type(), shape(tensor), file));
    }
    wanted.add(new TensorInfo(SUMS, DType.U8, Sums.shape(into.size()), file));
    if (!wanted.equals(found)) {
      throw new InputException("it holds other tensors than wanted");
    }
  }

  private static Shape shape(Scattered tensor) {
    return new Shape(tensor.shape());
  }

  /// Keeps tensors for a key, or notes that they were used if they are there. What does not fit or
  /// cannot be written is not kept.
  public synchronized void write(CacheKey key, List<Scattered> tensors) {
    var file = file(key);
    if (contains(key)) {
      touch(file);
      return;
    }
    long bytes = tensors.stream().mapToLong(Scattered::bytes).sum();
    if (bytes > settings.maxBytes() || unwritable) {
      return;
    }
    try {
      var unfinished = Files.createTempFile(settings.folder(), PREFIX, UNFINISHED);
      try (var arena = Arena.ofConfined()) {
        SafetensorsWriter.writeInPlace(
            unfinished, sources(key, tensors, arena), Map.of(KEY, key.hex()));
        touch(unfinished);
        long size = Files.size(unfinished);
        if (size > settings.maxBytes()) {
          return;
        }
        trim.makeRoom(size);
        Files.move(
            unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      damaged.remove(key);
    } catch (IOException e) {
      unwritable = true;
      settings.warnings().accept("nothing more is kept in %s: %s".formatted(settings.folder(), e));
    }
  }

  /// The tensors, and behind them the sums over what was written of each.
  private static List<TensorSource> sources(CacheKey key, List<Scattered> tensors, Arena arena) {
    var sums = Sums.of(key, tensors.size());
    var largest = tensors.stream().mapToLong(Scattered::bytes).max().orElse(0);
    var scratch = arena.allocate(Math.max(1, largest), Long.BYTES);
    var sources = new ArrayList<TensorSource>();
    for (int i = 0; i < tensors.size(); i++) {
      int index = i;
      var tensor = tensors.get(i);
      sources.add(
          new TensorSource(
              tensor.name(),
              tensor.type(),
              shape(tensor),
              () -> {
                var run = scratch.asSlice(0, tensor.bytes());
                tensor.copyTo(run);
                sums.note(index, tensor);
                return run;
              }));
    }
    sources.add(new TensorSource(SUMS, DType.U8, Sums.shape(tensors.size()), sums::memory));
    return sources;
  }

  private void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(settings.clock().instant()));
    } catch (IOException _) {
      // It was removed meanwhile, or belongs to somebody else: then it ages.
    }
  }

  private Path file(CacheKey key) {
    return settings.folder().resolve(PREFIX + key.kind() + "-" + key.hex() + SUFFIX);
  }
}
