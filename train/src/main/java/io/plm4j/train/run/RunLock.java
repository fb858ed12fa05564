package io.plm4j.train.run;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps two processes from training into one folder. The system gives it back when the process
/// ends, however that happens.
final class RunLock implements AutoCloseable {
  private static final String NAME = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /// @throws InputException if another run holds it
  @SuppressWarnings("MustBeClosedChecker") // closed with the lock
  static RunLock take(Path folder, Surroundings around) {
    var file = folder.resolve(NAME);
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new InputException(
            "%s is in use by another run, %s. Wait for its end, or name another output_dir."
                .formatted(folder, holder(file)));
      }
      var mine = "process %d on %s".formatted(around.process(), around.host());
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.UTF_8)));
      return new RunLock(channel);
    } catch (IOException e) {
      throw new InputException("%s cannot be locked: %s".formatted(folder, e), e);
    }
  }

  @SuppressWarnings("UnusedVariable") // held until the channel is closed
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false; // a run in this very process
    }
  }

  private static String holder(Path file) throws IOException {
    var text = Files.readString(file);
    return text.isEmpty() ? "a process that has just begun" : Excerpt.of(text);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new InputException("a lock cannot be given back: " + e, e);
    }
  }
}
