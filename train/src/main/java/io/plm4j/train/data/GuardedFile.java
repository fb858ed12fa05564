package io.plm4j.train.data;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file that can be damaged, or change while it is read, and does no harm.
///
/// Of a damaged one Hardwood asks for no bytes at all, again and again, without end: that is
/// refused, as is what lies outside. And it is read, not mapped, as Hardwood would do: a mapped
/// file that somebody cuts off ends the whole process.
final class GuardedFile implements InputFile {
  /// What is read at once is copied through memory outside of the heap.
  private static final int SLICE = 1 << 20;

  private final Path path;
  private final FileChannel file;
  private final long length;

  GuardedFile(Path path) {
    this.path = path;
    try {
      file = FileChannel.open(path);
      length = file.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void open() {}

  @Override
  public ByteBuffer readRange(long offset, int count) throws IOException {
    if (count < 1 || offset < 0 || offset > length - count) {
      throw new IOException(
          "its index leads to %d bytes at %d, but it has %d".formatted(count, offset, length));
    }
    var bytes = ByteBuffer.allocate(count);
    while (bytes.position() < count) {
      bytes.limit(Math.min(count, bytes.position() + SLICE));
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("it was cut off while it was read");
      }
    }
    return bytes.flip();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
