package io.plm4j.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/// Writes what must be there as a whole or not at all, also where the machine loses its power.
final class DurableFiles {
  private DurableFiles() {}

  /// Puts a text in place of a file's, in one step.
  static void replace(Path file, String text) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(next, text.getBytes(StandardCharsets.UTF_8));
    sync(next);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(folderOf(file));
  }

  /// Has the disk keep all files and folders below this one, and it.
  static void syncTree(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        sync(path);
      }
    }
  }

  /// A folder is synced as a file is; that keeps the names in it.
  static void sync(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Removes a folder with all that is in it; a link is removed, not what it leads to.
  static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  static Path folderOf(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is in no folder");
    }
    return parent;
  }
}
