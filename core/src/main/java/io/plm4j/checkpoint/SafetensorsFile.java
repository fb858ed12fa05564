package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// One safetensors file, mapped. Nothing is read but the header until somebody looks at the
/// numbers.
///
/// Format: a little-endian u64 with the length of the header, the header (see [SafetensorsHeader]),
/// the tensors' bytes.
public final class SafetensorsFile implements TensorFile {
  /// The reference implementation refuses longer headers too.
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final int LENGTH_BYTES = Long.BYTES;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final SafetensorsHeader header;
  private final MemorySegment data;
  private final SequencedMap<String, TensorInfo> tensors;

  private SafetensorsFile(Path path, SafetensorsHeader header, MemorySegment data) {
    this.path = path;
    this.header = header;
    this.data = data;
    var infos = new LinkedHashMap<String, TensorInfo>();
    header
        .tensors()
        .forEach((name, entry) ->
            infos.put(name, new TensorInfo(name, entry.dtype(), entry.shape(), path)));
    this.tensors = Collections.unmodifiableSequencedMap(infos);
  }

  /// Maps a file and checks its header.
  ///
  /// @param arena how long the mapping lives
  public static SafetensorsFile open(Path path, Arena arena) {
    if (!Files.isRegularFile(path)) {
      throw new InputException(path + " is not there or not a file; fetch it again.");
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < LENGTH_BYTES + 2) {
        throw new InputException(
            "%s has %d bytes, too few for any tensor; the download stopped early, fetch it again."
                .formatted(path, size));
      }
      var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long headerBytes = mapped.get(LENGTH, 0);
      requirePlausible(path, mapped, headerBytes);
      long dataStart = LENGTH_BYTES + headerBytes;
      var json = mapped.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
      var header = SafetensorsHeader.parse(path.toString(), json, size - dataStart);
      return new SafetensorsFile(path, header, mapped.asSlice(dataStart));
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(path, e), e);
    }
  }

  /// The tensors in the order of their bytes.
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  /// The header's free text, such as `format` = `pt`.
  public SequencedMap<String, String> metadata() {
    return header.metadata();
  }

  /// The mapped bytes of a tensor, read-only, little-endian, row-major. Writers align them to the
  /// element's size, but the format does not promise it.
  ///
  /// @throws InputException if the file has no tensor of this name
  public MemorySegment data(String name) {
    var entry = entry(name);
    return data.asSlice(entry.begin(), entry.end() - entry.begin());
  }

  private SafetensorsHeader.Entry entry(String name) {
    var entry = header.tensors().get(name);
    if (entry == null) {
      throw new InputException("%s has no tensor \"%s\".".formatted(path, Excerpt.of(name)));
    }
    return entry;
  }

  @Override
  public long place(String name) {
    return entry(name).begin();
  }

  @Override
  public MemorySegment data(String name, SegmentAllocator copies) {
    return data(name);
  }

  private static void requirePlausible(Path path, MemorySegment mapped, long headerBytes) {
    long size = mapped.byteSize();
    if (startsWith(mapped, "version https://git-lfs")) {
      throw new InputException(
          path + " is a Git LFS pointer, not the weights; run `git lfs pull` beside it.");
    }
    if (headerBytes >= 2
        && headerBytes <= Math.min(MAX_HEADER_BYTES, size - LENGTH_BYTES)
        && mapped.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) == '{') {
      return;
    }
    throw new InputException(
        "%s is not a safetensors file, or a cut one: it has %,d bytes and announces a header of %s. Fetch it again."
            .formatted(path, size, Long.toUnsignedString(headerBytes)));
  }

  private static boolean startsWith(MemorySegment mapped, String text) {
    var bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    return mapped.byteSize() >= bytes.byteSize()
        && mapped.asSlice(0, bytes.byteSize()).mismatch(bytes) < 0;
  }
}
