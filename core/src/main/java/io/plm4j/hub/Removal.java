package io.plm4j.hub;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What can be removed from the cache; nothing happens before [#carryOut].
///
/// @param what goes, in words
/// @param paths files and folders, in the order in which they go
/// @param bytes that become free
public record Removal(List<String> what, List<Path> paths, long bytes) {
  public Removal {
    what = List.copyOf(what);
    paths = List.copyOf(paths);
  }

  public boolean isEmpty() {
    return paths.isEmpty();
  }

  /// Both.
  public Removal and(Removal other) {
    var allWhat = new ArrayList<>(what);
    allWhat.addAll(other.what);
    var allPaths = new ArrayList<>(paths);
    allPaths.addAll(other.paths);
    return new Removal(allWhat, allPaths, bytes + other.bytes);
  }

  /// Removes it. Links are removed, never what they lead to.
  public void carryOut() {
    for (var path : paths) {
      try {
        remove(path);
      } catch (IOException | UncheckedIOException e) {
        throw new InputException(
            "%s cannot be removed: %s. What came before it is gone.".formatted(path, e), e);
      }
    }
  }

  private static void remove(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    try (var tree = Files.walk(path)) {
      for (var file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
