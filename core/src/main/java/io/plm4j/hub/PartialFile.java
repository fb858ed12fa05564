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
import java.util.Optional;
import java.util.OptionalLong;

/// What has come of a blob so far, in pieces that may come in any order.
///
/// The file holds the content's bytes at their places and a [PieceTable] behind them. Both are
/// written as bytes arrive, data first, so that a killed process leaves what the next one can go on
/// with. What a power failure may tear is found by the checksum.
final class PartialFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final PieceTable table;
  private final long size;

  private PartialFile(Path path, FileChannel channel, PieceTable table, long size) {
    this.path = path;
    this.channel = channel;
    this.table = table;
    this.size = size;
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
      var found = PieceTable.read(channel).filter(table -> table.isOf(size, pieceBytes));
      var table = found.orElseGet(() -> PieceTable.empty(size, pieceBytes));
      if (found.isEmpty()) {
        table.reset(channel);
      }
      return Optional.of(new PartialFile(path, channel, table, size));
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

  /// How many bytes have come into a file; empty if it is none of this kind.
  static OptionalLong bytesIn(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return OptionalLong.empty();
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      var table = PieceTable.read(channel);
      return table.isPresent() ? OptionalLong.of(table.get().bytes()) : OptionalLong.empty();
    } catch (IOException _) {
      return OptionalLong.empty(); // and the download will say why it cannot be opened
    }
  }

  /// Where a piece goes on.
  synchronized long position(int piece) {
    return table.start(piece) + table.bytes(piece);
  }

  /// Where a piece ends, exclusive.
  long end(int piece) {
    return table.end(piece);
  }

  synchronized long bytes() {
    return table.bytes();
  }

  /// Writes bytes at their place, which may cross from piece to piece.
  ///
  /// @return how many of them had not come before
  synchronized long write(long position, ByteBuffer bytes) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    return table.note(channel, position, at);
  }

  /// Forgets everything.
  synchronized void reset() throws IOException {
    table.reset(channel);
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
