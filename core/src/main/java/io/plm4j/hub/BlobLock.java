package io.plm4j.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Keeps two processes from fetching the same blob, Python's included. It saves work; that no file
/// is ever half-written does not depend on it.
final class BlobLock implements AutoCloseable {
  private static final Optional<Flock> FLOCK = Flock.find();

  private final Runnable release;

  private BlobLock(Runnable release) {
    this.release = release;
  }

  /// Takes the lock if it is free.
  ///
  /// @return empty if somebody else has it. A file system without locks refuses nobody
  static Optional<BlobLock> tryLock(Path file) throws IOException {
    create(file);
    if (FLOCK.isPresent()) {
      try {
        return FLOCK.get().tryLock(file).map(held -> new BlobLock(held::close));
      } catch (IOException _) {
        return Optional.of(new BlobLock(() -> {}));
      }
    }
    return tryChannel(file);
  }

  private static void create(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(file.getParent());
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException _) {
        // Another process was as quick.
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the lock
  private static Optional<BlobLock> tryChannel(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      var lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new BlobLock(() -> closed(channel)));
      }
    } catch (OverlappingFileLockException _) {
      // Another thread of this process has it.
    } catch (IOException _) {
      return Optional.of(new BlobLock(() -> closed(channel)));
    }
    channel.close();
    return Optional.empty();
  }

  private static void closed(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing was written to it, and the process gives the lock back at its end.
    }
  }

  @Override
  public void close() {
    release.run();
  }
}
