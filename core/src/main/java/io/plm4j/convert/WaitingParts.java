package io.plm4j.convert;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Tensors that were computed before their turn in a file, in a file of their own, which is gone
/// when this is closed.
final class WaitingParts implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Map<String, Place> places = new HashMap<>();
  private Arena mapped = Arena.ofConfined();

  private record Place(long from, long bytes) {}

  private WaitingParts(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// @param file is made, and must not be there
  static WaitingParts in(Path file) {
    try {
      return new WaitingParts(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw new InputException("%s cannot be made: %s".formatted(file, e), e);
    }
  }

  boolean has(String name) {
    return places.containsKey(name);
  }

  /// @throws InputException if it cannot be written, for lack of space for example
  void put(String name, MemorySegment data) {
    try {
      long from = channel.size();
      for (long at = 0; at < data.byteSize(); ) {
        long some = Math.min(data.byteSize() - at, 1 << 24);
        var chunk = data.asSlice(at, some).asByteBuffer();
        at += write(chunk, from + at);
      }
      places.put(name, new Place(from, data.byteSize()));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s. Is there space?".formatted(file, e), e);
    }
  }

  private int write(ByteBuffer chunk, long at) throws IOException {
    int written = 0;
    while (chunk.hasRemaining()) {
      written += channel.write(chunk, at + written);
    }
    return written;
  }

  /// What was put under the name; not used any more when the next one is asked for.
  @SuppressWarnings("MustBeClosedChecker") // closed with the next call, or with this
  MemorySegment get(String name) {
    mapped.close();
    mapped = Arena.ofConfined();
    var place = Objects.requireNonNull(places.get(name), name);
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, place.from(), place.bytes(), mapped);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  @Override
  public void close() {
    mapped.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw new InputException("%s cannot be removed: %s".formatted(file, e), e);
    }
  }
}
