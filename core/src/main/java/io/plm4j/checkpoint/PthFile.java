package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/// One file of `torch.save`, mapped: a dictionary of tensors, or one with such a dictionary under
/// `model`, `state_dict` or `weights`.
///
/// Format: a zip archive with `data.pkl`, a pickle that says which windows into which storages the
/// tensors are, and the storages as entries of their own, stored as they are. The pickle is read by
/// a machine that can do nothing else ([PickleReader]).
public final class PthFile implements TensorFile {
  private static final String PICKLE = "/data.pkl";
  private static final List<String> WRAPPERS = List.of("model", "state_dict", "weights");

  /// A tensor takes some 150 bytes; this is as many tensors as a safetensors file may have.
  private static final long MAX_PICKLE_BYTES = 1 << 25;

  private static final int MAX_TENSORS = 200_000;

  private final Path path;
  private final MemorySegment archive;
  private final SequencedMap<String, ZipDirectory.Entry> entries;
  private final String root;
  private final SequencedMap<String, Pickled.Window> windows = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  private PthFile(Path path, MemorySegment archive) {
    this.path = path;
    this.archive = archive;
    entries = ZipDirectory.read(path.toString(), archive);
    root = root();
    requireLittleEndian();
    stateDict(PickleReader.read(path + ": data.pkl", pickle())).forEach(this::add);
  }

  /// Maps a file and reads what it says of its tensors.
  ///
  /// @param arena how long the mapping lives
  /// @throws InputException if the file is damaged, or holds more than tensors
  public static PthFile open(Path path, Arena arena) {
    if (!Files.isRegularFile(path)) {
      throw new InputException(path + " is not there or not a file; fetch it again.");
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      var archive = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      requireZip(path, archive);
      return new PthFile(path, archive);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(path, e), e);
    }
  }

  private static void requireZip(Path path, MemorySegment archive) {
    if (startsWith(archive, "PK")) {
      return;
    }
    if (startsWith(archive, "version https://git-lfs")) {
      throw new InputException(
          path + " is a Git LFS pointer, not the weights; run `git lfs pull` beside it.");
    }
    throw new InputException(
        startsWith(archive, "\u0080\u0002")
            ? path
                + " was saved by torch before 1.6, or with its old format, which is not read; load and save it again with a newer torch."
            : path + " is not a file of torch.save: it is no zip archive. Fetch it again.");
  }

  private static boolean startsWith(MemorySegment archive, String text) {
    var bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
    return archive.byteSize() >= bytes.byteSize()
        && archive.asSlice(0, bytes.byteSize()).mismatch(bytes) < 0;
  }

  /// The folder in the archive that all of torch's entries are in.
  private String root() {
    var pickles =
        entries.sequencedKeySet().stream()
            .filter(name ->
                name.endsWith(PICKLE) && name.indexOf('/') + PICKLE.length() == name.length())
            .toList();
    if (pickles.size() != 1) {
      throw new InputException(
          "%s is not a file of torch.save: it has %d entries data.pkl, not one. Fetch it again."
              .formatted(path, pickles.size()));
    }
    return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
  }

  private void requireLittleEndian() {
    var order = entries.get(root + "/byteorder");
    if (order != null && !text(order).equals("little")) {
      throw new InputException(
          "%s: the byte order is \"%s\"; only little-endian files are read. Save it again on another machine."
              .formatted(path, Excerpt.of(text(order))));
    }
  }

  private String text(ZipDirectory.Entry entry) {
    var start = archive.asSlice(entry.begin(), Math.min(entry.length(), 100));
    return new String(start.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private byte[] pickle() {
    var entry = entries.get(root + PICKLE);
    if (entry == null || entry.length() > MAX_PICKLE_BYTES) {
      throw new InputException(
          "%s: data.pkl has %,d bytes; a file of weights needs at most %,d."
              .formatted(path, entry == null ? 0 : entry.length(), MAX_PICKLE_BYTES));
    }
    return archive.asSlice(entry.begin(), entry.length()).toArray(ValueLayout.JAVA_BYTE);
  }

  /// The dictionary itself or, as training programs save it, the one under a name of theirs.
  private SequencedMap<Object, Pickled> stateDict(Pickled whole) {
    if (!(whole instanceof Pickled.Dict(var entries))) {
      throw new InputException(
          "%s holds %s, not a dictionary of tensors; save the model's state_dict()."
              .formatted(path, whole.kind()));
    }
    for (var wrapper : WRAPPERS) {
      if (entries.get(wrapper) instanceof Pickled.Dict(var tensors)) {
        return tensors;
      }
    }
    return entries;
  }

  private void add(Object key, Pickled value) {
    if (!(key instanceof String name) || !(value instanceof Pickled.Window window)) {
      throw new InputException(
          "%s holds %s under \"%s\", which is no tensor; save the model's state_dict() and nothing else."
              .formatted(path, value.kind(), Excerpt.of(key.toString())));
    }
    if (tensors.size() == MAX_TENSORS) {
      throw new InputException("%s has more than %,d tensors".formatted(path, MAX_TENSORS));
    }
    var storage = window.storage();
    var entry = entries.get(root + "/data/" + storage.key());
    // Divided, not multiplied: the product may exceed a long.
    int size = storage.dtype().bytes();
    if (entry == null
        || entry.length() % size != 0
        || entry.length() / size != storage.elements()) {
      throw new InputException(
          "%s: the tensor \"%s\" has %,d numbers of %s in the entry data/%s, which %s. The file is damaged; fetch it again."
              .formatted(
                  path,
                  Excerpt.of(name),
                  storage.elements(),
                  storage.dtype(),
                  Excerpt.of(storage.key()),
                  entry == null ? "is not there" : "has %,d bytes".formatted(entry.length())));
    }
    windows.put(name, window);
    tensors.put(name, new TensorInfo(name, storage.dtype(), window.shape(), path));
  }

  /// The tensors in the order in which the dictionary has them.
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public MemorySegment data(String name, SegmentAllocator copies) {
    var window = window(name);
    var entry = storage(window);
    var numbers = archive.asSlice(entry.begin(), entry.length());
    long size = window.storage().dtype().bytes();
    long bytes = window.shape().elements() * size;
    if (window.isContiguous()) {
      return bytes == 0 ? MemorySegment.NULL : numbers.asSlice(window.offset() * size, bytes);
    }
    var copy = copies.allocate(bytes, Checkpoint.ALIGNMENT);
    new StridedCopy(window, size, numbers, copy).run();
    return copy;
  }

  @Override
  public long place(String name) {
    var window = window(name);
    return storage(window).begin() + window.offset() * window.storage().dtype().bytes();
  }

  private Pickled.Window window(String name) {
    var window = windows.get(name);
    if (window == null) {
      throw new InputException("%s has no tensor \"%s\".".formatted(path, Excerpt.of(name)));
    }
    return window;
  }

  private ZipDirectory.Entry storage(Pickled.Window window) {
    // It was there when the tensor was added.
    return Objects.requireNonNull(entries.get(root + "/data/" + window.storage().key()));
  }
}
