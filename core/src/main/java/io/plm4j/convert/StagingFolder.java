package io.plm4j.convert;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/// A folder that is filled beside the place where it will be, and moved there in one step. Closed
/// before that, it is gone.
public final class StagingFolder implements AutoCloseable {
  private final Path path;
  private final Path target;
  private boolean completed;

  private StagingFolder(Path path, Path target) {
    this.path = path;
    this.target = target;
  }

  /// @param to its place; must not exist, or be empty
  /// @param bytes that there must be space for
  /// @throws InputException if it cannot be made
  public static StagingFolder create(Path to, long bytes) {
    var target = to.toAbsolutePath().normalize();
    var parent = target.getParent();
    if (parent == null) {
      throw new InputException("%s is no folder that could be made; name a new one.".formatted(to));
    }
    try {
      requireEmpty(to);
      Files.createDirectories(parent);
      requireSpace(to, parent, bytes);
      var path = parent.resolve(target.getFileName() + ".partial");
      Files.createDirectory(path);
      return new StagingFolder(path, target);
    } catch (FileAlreadyExistsException e) {
      throw new InputException(
          "%s.partial is there: another command is at work on it, or one was killed. If none is running, remove it and try again."
              .formatted(to),
          e);
    } catch (IOException e) {
      throw new InputException("%s cannot be made: %s".formatted(to, e), e);
    }
  }

  private static void requireEmpty(Path to) throws IOException {
    if (!Files.exists(to)) {
      return;
    }
    if (!Files.isDirectory(to)) {
      throw new InputException("%s is a file; name a new folder.".formatted(to));
    }
    try (var entries = Files.list(to)) {
      if (entries.findAny().isPresent()) {
        throw new InputException("%s is not empty; name a new folder.".formatted(to));
      }
    }
  }

  private static void requireSpace(Path to, Path parent, long bytes) throws IOException {
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < bytes) {
      throw new InputException(
          "%s needs %,d MB, but its disk has %,d MB left. Make space, or name a folder on another disk."
              .formatted(to, bytes / 1_000_000, free / 1_000_000));
    }
  }

  /// Where it is filled.
  public Path path() {
    return path;
  }

  /// Moves the folder to its place.
  public void complete() {
    try {
      Files.deleteIfExists(target);
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      completed = true;
    } catch (IOException e) {
      throw new InputException("%s cannot be put in its place: %s".formatted(target, e), e);
    }
  }

  @Override
  public void close() {
    if (completed) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // What led here is the one to report; the name says that the folder is not complete.
    }
  }
}
