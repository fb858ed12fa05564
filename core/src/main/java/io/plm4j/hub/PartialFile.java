package io.plm4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// What has come of a blob so far, in pieces that may come in any order.
///
/// The file holds the content's bytes at their places and, after them, a trailer: a mark, the size
/// of a piece, and of each piece how many bytes have come. Both are written as bytes arrive, data
/// first, so that a killed process leaves what the next one can go on with. What a power failure
/// may tear is found by the checksum.
final class PartialFile implements AutoCloseable {
  private static final long MARK = 0x706c6d346a2d3031L; // "plm4j-01"
  private static final int HEADER = 2 * Long.BYTES;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final long pieceBytes;
  private final long[] done;

  private PartialFile(Path path, FileChannel channel, long size, long pieceBytes, long[] done) {
    this.path = path;
    this.channel = channel;
    this.size = size;
    this.pieceBytes = pieceBytes;
    this.done = done;
  }

  /// Opens what an earlier download left, or begins anew where that is of no use.
  ///
  /// The file is locked, with another kind of lock than the blob's: where a file system grants that
  /// one to everybody, two processes must still not write one file. Whoever cannot have it gets a
  /// file of another name, which the next download does not go on with.
  static PartialFile open(RepoFolder repo, String tag, long size, long pieceBytes)
      throws IOException {
    var path = repo.partial(tag);
    for (int other = 1; ; other++) {
      var file = tryOpen(path, size, pieceBytes);
      if (file.isPresent()) {
        return file.get();
      }
      path = repo.blobs().resolve(tag + ".plm4j-" + other + RepoFolder.PARTIAL_SUFFIX);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the file
  private static Optional<PartialFile> tryOpen(Path path, long size, long pieceBytes)
      throws IOException {
    var channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      if (!isOurs(channel)) {
        channel.close();
        return Optional.empty();
      }
      var done = read(channel, size, pieceBytes);
      var file =
          new PartialFile(
              path,
              channel,
              size,
              pieceBytes,
              done == null ? new long[count(size, pieceBytes)] : done);
      if (done == null) {
        file.writeTrailer();
      }
      return Optional.of(file);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /// Whether nobody else writes it; a file system that has no such locks cannot tell, and then the
  /// first to ask is as good as any.
  private static boolean isOurs(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  /// How many bytes of a blob a file that may be there has.
  static long bytesIn(Path path, long size, long pieceBytes) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      var done = read(channel, size, pieceBytes);
      return done == null ? 0 : Arrays.stream(done).sum();
    } catch (IOException _) {
      return 0; // and the download will say why it cannot be opened
    }
  }

  private static int count(long size, long pieceBytes) {
    return Math.toIntExact(Math.max(1, Math.ceilDiv(size, pieceBytes)));
  }

  /// The bytes of each piece, or null if the file is none of ours, or of another content.
  private static long @org.jspecify.annotations.Nullable [] read(
      FileChannel channel, long size, long pieceBytes) throws IOException {
    int count = count(size, pieceBytes);
    long trailer = HEADER + (long) Long.BYTES * count;
    if (channel.size() != size + trailer) {
      return null;
    }
    var bytes = ByteBuffer.allocate(Math.toIntExact(trailer));
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, size + bytes.position()) < 0) {
        return null;
      }
    }
    bytes.flip();
    if (bytes.getLong() != MARK || bytes.getLong() != pieceBytes) {
      return null;
    }
    var done = new long[count];
    for (int piece = 0; piece < count; piece++) {
      done[piece] = bytes.getLong();
      if (done[piece] < 0 || done[piece] > length(piece, size, pieceBytes)) {
        return null;
      }
    }
    return done;
  }

  private void writeTrailer() throws IOException {
    channel.truncate(0);
    var bytes = ByteBuffer.allocate(HEADER + Long.BYTES * done.length);
    bytes.putLong(MARK).putLong(pieceBytes);
    bytes.position(0).limit(bytes.capacity());
    while (bytes.hasRemaining()) {
      channel.write(bytes, size + bytes.position());
    }
  }

  private static long length(int piece, long size, long pieceBytes) {
    return Math.min(pieceBytes, size - piece * pieceBytes);
  }

  int pieces() {
    return done.length;
  }

  long start(int piece) {
    return piece * pieceBytes;
  }

  /// Where the piece ends, exclusive.
  long end(int piece) {
    return start(piece) + length(piece, size, pieceBytes);
  }

  synchronized long bytes(int piece) {
    return done[piece];
  }

  synchronized boolean isComplete(int piece) {
    return done[piece] == length(piece, size, pieceBytes);
  }

  synchronized long bytes() {
    long sum = 0;
    for (long bytes : done) {
      sum += bytes;
    }
    return sum;
  }

  /// Writes bytes at their place, which may cross from piece to piece.
  ///
  /// @return how many of them had not come before
  synchronized long write(long position, ByteBuffer bytes) throws IOException {
    long at = position;
    long end = position + bytes.remaining();
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    long before = bytes();
    for (int piece = (int) (position / pieceBytes);
        piece < done.length && start(piece) < end;
        piece++) {
      // Bytes beyond a gap do not count: what has come is always a piece's begin.
      if (position <= start(piece) + done[piece]) {
        count(piece, Math.max(done[piece], Math.min(end, end(piece)) - start(piece)));
      }
    }
    return bytes() - before;
  }

  private void count(int piece, long bytes) throws IOException {
    if (bytes != done[piece]) {
      done[piece] = bytes;
      var number = ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip();
      channel.write(number, size + HEADER + (long) Long.BYTES * piece);
    }
  }

  /// Forgets everything.
  synchronized void reset() throws IOException {
    Arrays.fill(done, 0);
    writeTrailer();
  }

  FileChannel channel() {
    return channel;
  }

  /// Makes the complete content a file of its own, which is there whole or not at all, also after a
  /// power failure.
  void publish(Path target) throws IOException {
    channel.force(true);
    channel.truncate(size);
    channel.close();
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
