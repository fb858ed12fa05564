package io.plm4j.checkpoint;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes a safetensors file, one tensor at a time, under a temporary name beside the target, and
/// moves it there when it is complete.
///
/// Order of the tensors and padding of the header are those of the reference implementation, so
/// equal tensors give equal files, and every tensor is aligned to the size of its elements.
public final class SafetensorsWriter {
  /// The reference implementation's order: larger elements first, for their alignment.
  private static final List<DType> ORDER =
      List.of(
          DType.I64,
          DType.F64,
          DType.F32,
          DType.I32,
          DType.BF16,
          DType.F16,
          DType.I16,
          DType.I8,
          DType.U8,
          DType.BOOL);

  private static final JsonFactory JSON = new JsonFactory();
  private static final int CHUNK_BYTES = 1 << 24;

  private SafetensorsWriter() {}

  /// Writes a file with the metadata `{"format": "pt"}` that transformers asks for. An older file
  /// of the name is replaced, in one step.
  ///
  /// @throws InputException if the file cannot be written, for lack of space for example
  public static void write(Path file, Collection<TensorSource> tensors) {
    write(file, tensors, Map.of("format", "pt"));
  }

  /// Writes a file with metadata of the caller's.
  ///
  /// @throws InputException if the file cannot be written, for lack of space for example
  public static void write(
      Path file, Collection<TensorSource> tensors, Map<String, String> metadata) {
    var partial = writePartial(file, tensors, metadata, _ -> {});
    complete(partial, file);
  }

  /// Writes all but the last step; [#complete] does that.
  ///
  /// @param written told the number of bytes before each chunk; what it throws ends the writing
  static Path writePartial(
      Path file,
      Collection<TensorSource> tensors,
      Map<String, String> metadata,
      LongConsumer written) {
    var sorted = sorted(tensors);
    var partial = file.resolveSibling(file.getFileName() + ".partial");
    try (var channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      write(channel, sorted, metadata, written);
      channel.force(true);
      return partial;
    } catch (IOException e) {
      discard(partial);
      throw new InputException(
          "%s cannot be written: %s. Is there space and may you write there?".formatted(file, e),
          e);
    } catch (RuntimeException | Error e) {
      discard(partial);
      throw e;
    }
  }

  /// Writes a file as it goes: not under another name first, and not forced to the disk. For
  /// callers that have their own ways to tell a complete file.
  ///
  /// @param file is overwritten
  public static void writeInPlace(
      Path file, Collection<TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      write(channel, sorted(tensors), metadata, _ -> {});
    }
  }

  private static List<TensorSource> sorted(Collection<TensorSource> tensors) {
    return tensors.stream()
        .sorted(
            Comparator.comparingInt((TensorSource tensor) -> ORDER.indexOf(tensor.dtype()))
                .thenComparing(TensorSource::name))
        .toList();
  }

  private static void write(
      FileChannel channel,
      List<TensorSource> sorted,
      Map<String, String> metadata,
      LongConsumer written)
      throws IOException {
    writeFully(channel, header(sorted, metadata));
    for (var tensor : sorted) {
      writeData(channel, tensor, chunk -> written.accept(chunk.remaining()));
    }
  }

  static void complete(Path partial, Path file) {
    try {
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(partial);
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  static void discard(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The failure that led here is the one to report; a left-over .partial is overwritten.
    }
  }

  private static ByteBuffer header(List<TensorSource> tensors, Map<String, String> metadata) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
        new TreeMap<>(metadata).forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long begin = 0;
      var names = new HashSet<>(List.of(SafetensorsHeader.METADATA));
      for (var tensor : tensors) {
        if (!names.add(tensor.name())) {
          throw new IllegalArgumentException("two tensors are called " + tensor.name());
        }
        json.writeObjectPropertyStart(tensor.name());
        json.writeStringProperty("dtype", tensor.dtype().name());
        long[] sizes = tensor.shape().toArray();
        json.writeName("shape").writeArray(sizes, 0, sizes.length);
        long[] span = {begin, begin + tensor.bytes()};
        json.writeName("data_offsets").writeArray(span, 0, span.length);
        json.writeEndObject();
        begin = span[1];
      }
      json.writeEndObject();
    }
    while (bytes.size() % Long.BYTES != 0) {
      bytes.write(' ');
    }
    var buffer = ByteBuffer.allocate(SafetensorsFile.LENGTH_BYTES + bytes.size());
    return buffer
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.size())
        .put(bytes.toByteArray())
        .flip();
  }

  /// Sees the numbers of a tensor before they are written.
  interface ChunkListener {
    /// @param chunk may be read to its end
    void next(ByteBuffer chunk);
  }

  static void writeData(FileChannel channel, TensorSource tensor, ChunkListener listener)
      throws IOException {
    var data = tensor.data().get();
    if (data.byteSize() != tensor.bytes()) {
      throw new IllegalArgumentException(
          "%s, %s %s, has %,d bytes but came with %,d"
              .formatted(
                  tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes(), data.byteSize()));
    }
    for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
      var chunk = data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at));
      var buffer = buffer(chunk);
      listener.next(buffer.duplicate());
      writeFully(channel, buffer);
    }
  }

  /// Arrays other than `byte[]` have no view as a buffer and are copied.
  private static ByteBuffer buffer(MemorySegment chunk) {
    return chunk.isNative()
        ? chunk.asByteBuffer()
        : ByteBuffer.wrap(chunk.toArray(ValueLayout.JAVA_BYTE));
  }

  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
