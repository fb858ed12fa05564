package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/// Rows in a temporary file, from which any of them can be read at once.
///
/// The file has no name while it is in use, so that it is gone when the process is, however that
/// ends.
final class Spool implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private final long[] starts; // and behind them where the last row ends

  private Spool(FileChannel file, long[] starts) throws IOException {
    this.bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, starts[starts.length - 1], arena);
    this.starts = starts;
  }

  /// Fills a spool.
  static final class Writer implements AutoCloseable {
    private final FileChannel file;
    private final DataOutputStream out;
    private long[] starts = new long[1024];
    private long at;
    private int count;

    /// @param folder that has room for all rows
    Writer(Path folder) {
      try {
        file =
            FileChannel.open(
                Files.createTempFile(folder, "plm4j-rows-", ".tmp"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      } catch (IOException e) {
        throw new InputException("No temporary file can be made in %s: %s".formatted(folder, e), e);
      }
      out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16));
    }

    void add(JsonNode row) {
      try {
        at += ValueCodec.write(row, out);
      } catch (IOException e) {
        throw full(e);
      }
      count++;
      starts = count < starts.length ? starts : Arrays.copyOf(starts, count * 2);
      starts[count] = at;
    }

    int count() {
      return count;
    }

    Spool finish() {
      try {
        out.flush();
        return new Spool(file, Arrays.copyOf(starts, count + 1));
      } catch (IOException e) {
        throw full(e);
      }
    }

    private InputException full(IOException e) {
      return new InputException(
          "Rows cannot be copied to a temporary file, of which %,d bytes are written: %s. Give more room, or another folder for temporary files."
              .formatted(at, e.getMessage()),
          e);
    }

    /// The spool stays.
    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  int count() {
    return starts.length - 1;
  }

  JsonNode read(int row) {
    byte[] value =
        bytes.asSlice(starts[row], starts[row + 1] - starts[row]).toArray(ValueLayout.JAVA_BYTE);
    try {
      return ValueCodec.read(new DataInputStream(new ByteArrayInputStream(value)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
