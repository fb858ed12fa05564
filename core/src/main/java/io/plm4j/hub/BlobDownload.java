package io.plm4j.hub;

import io.plm4j.hub.DownloadProgress.Activity;
import io.plm4j.hub.HubException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One blob on its way into the cache: locked, received in pieces by several threads, checked, and
/// only then given its name.
final class BlobDownload implements AutoCloseable {
  /// Content that is wrong twice will be wrong a third time.
  private static final int MAX_STARTS = 2;

  private static final long LOOK_MILLIS = 50;

  private final RepoFolder repo;
  private final RemoteFile file;
  private final long pieceBytes;
  private final AtomicLong received;
  private @Nullable BlobLock lock;
  private @Nullable PartialFile partial;
  private boolean published;
  private int starts = 1;

  /// The tag of whoever sends the bytes, which may be another than the Hub's.
  private Optional<String> sendersTag = Optional.empty();

  /// @param received is told of bytes as they come, and of those that earlier downloads left
  BlobDownload(RepoFolder repo, RemoteFile file, long pieceBytes, AtomicLong received) {
    this.repo = repo;
    this.file = file;
    this.pieceBytes = pieceBytes;
    this.received = received;
  }

  RemoteFile file() {
    return file;
  }

  int pieces() {
    return Math.toIntExact(Math.max(1, Math.ceilDiv(file.size(), pieceBytes)));
  }

  /// Takes the lock and opens what is there already. Waits while another process is at it, which
  /// will often have done all the work then.
  synchronized void claim(BooleanSupplier stopped, Activities activities) throws IOException {
    if (lock != null || published) {
      return;
    }
    try (var _ = activities.enter(Activity.WAITING_FOR_PROCESS)) {
      var taken = BlobLock.tryLock(repo.lock(file.tag()));
      while (taken.isEmpty()) {
        pause(stopped);
        taken = BlobLock.tryLock(repo.lock(file.tag()));
      }
      lock = taken.get();
    }
    if (isThere(repo, file)) {
      published = true;
      received.addAndGet(file.size());
    } else {
      partial = PartialFile.open(repo, file.tag(), file.size(), pieceBytes);
      received.addAndGet(partial.bytes());
    }
  }

  private static void pause(BooleanSupplier stopped) {
    try {
      if (stopped.getAsBoolean()) {
        throw new CancellationException();
      }
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  /// Whether the blob is in the cache, whole. One of another size is not what its name says.
  static boolean isThere(RepoFolder repo, RemoteFile file) throws IOException {
    var blob = repo.blob(file.tag());
    return Files.isRegularFile(blob) && Files.size(blob) == file.size();
  }

  /// Where a piece goes on and where it ends; empty if it has come.
  synchronized Optional<Gap> gap(int piece) {
    if (partial == null || partial.position(piece) == partial.end(piece)) {
      return Optional.empty();
    }
    return Optional.of(new Gap(partial.position(piece), partial.end(piece), starts));
  }

  /// How much of it has come.
  synchronized long bytes() {
    return partial == null ? 0 : partial.bytes();
  }

  /// Bytes that are still to come.
  ///
  /// @param to exclusive
  /// @param start how often the blob had been begun when this was asked
  record Gap(long from, long to, int start) {}

  /// Where the blob goes on if the server cannot begin in the middle; empty if it has come.
  synchronized Optional<Gap> whole() {
    for (int piece = 0; piece < pieces(); piece++) {
      if (gap(piece).isPresent()) {
        return Optional.of(new Gap(0, file.size(), starts));
      }
    }
    return Optional.empty();
  }

  /// Takes bytes for a gap.
  synchronized void write(Gap gap, long position, ByteBuffer bytes) throws IOException {
    if (gap.start() != starts || partial == null) {
      throw new PassingException(file.name() + " was begun anew");
    }
    try {
      received.addAndGet(partial.write(position, bytes));
    } catch (IOException e) {
      throw new HubException(
          Kind.WRONG,
          "%s cannot be written: %s. What has come is kept; free space and run it again."
              .formatted(repo.blobs(), e.getMessage()),
          e);
    }
  }

  /// Compares the sender's tag with the one of its earlier answers: bytes of two contents must not
  /// be mixed. Some stores have a tag a machine, so the second change is left to the checksum where
  /// there is one.
  synchronized void requireSameContent(Optional<String> tag) throws IOException {
    boolean changed = sendersTag.isPresent() && tag.isPresent() && !sendersTag.equals(tag);
    if (changed && (starts == 1 || Checksum.of(file.tag()).isEmpty())) {
      sendersTag = tag;
      restart("it changed at the server while it was downloaded");
      throw new PassingException(file.name() + " changed at the server; it is begun anew");
    }
    sendersTag = tag.or(() -> sendersTag);
  }

  /// Checks the content and gives it its name.
  ///
  /// @return false if pieces must come again
  synchronized boolean publish(BooleanSupplier stopped) throws IOException {
    if (published || partial == null) {
      return true;
    }
    if (partial.bytes() < file.size()) {
      return false; // begun anew by one thread after another had a piece of it
    }
    var checksum = Checksum.of(file.tag());
    if (checksum.isPresent()) {
      var found = checksum.get().compute(partial.channel(), file.size(), stopped);
      if (!found.equals(file.tag())) {
        restart("its checksum is %s instead of %s".formatted(found, file.tag()));
        return false;
      }
    }
    try {
      partial.publish(repo.blob(file.tag()));
    } catch (NoSuchFileException e) {
      throw new HubException(
          Kind.WRONG,
          "%s was removed while it was downloaded. Run it again.".formatted(e.getFile()),
          e);
    }
    partial = null;
    published = true;
    return true;
  }

  private void restart(String reason) throws IOException {
    if (starts >= MAX_STARTS) {
      if (partial != null) {
        partial.reset();
      }
      throw new HubException(
          Kind.WRONG,
          "%s came %d times and was wrong each time: %s. The server or something on the way damages it; nothing of it was kept."
              .formatted(file.name(), MAX_STARTS, reason));
    }
    starts++;
    if (partial != null) {
      received.addAndGet(-partial.bytes());
      partial.reset();
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (partial != null) {
        partial.close();
        partial = null;
      }
    } catch (IOException _) {
      // Its bytes are written already; the next download opens it as it is.
    } finally {
      if (lock != null) {
        lock.close();
        lock = null;
      }
    }
  }
}
