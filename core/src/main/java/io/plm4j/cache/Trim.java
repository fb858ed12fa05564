package io.plm4j.cache;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Keeps a folder's files within their bytes: what was not used for the longest goes first.
final class Trim {
  /// A file that nobody has written to for so long is one whose process died.
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final CacheFolder.Settings settings;
  private final String prefix;
  private final String suffix;
  private final String unfinished;

  private record Kept(Path file, long bytes, Instant used) {}

  /// @param prefix how the names of all versions begin
  /// @param suffix how those of complete files end
  /// @param unfinished how those of others end
  Trim(CacheFolder.Settings settings, String prefix, String suffix, String unfinished) {
    this.settings = settings;
    this.prefix = prefix;
    this.suffix = suffix;
    this.unfinished = unfinished;
  }

  /// Removes as many files as it takes for one more of this size.
  void makeRoom(long bytes) throws IOException {
    for (var left : files(unfinished)) {
      if (left.used().isBefore(settings.clock().instant().minus(ABANDONED))) {
        Files.deleteIfExists(left.file());
      }
    }
    var kept = files(suffix);
    kept.sort(Comparator.comparing(Kept::used));
    long sum = kept.stream().mapToLong(Kept::bytes).sum();
    for (var oldest : kept) {
      if (sum <= settings.maxBytes() - bytes) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      sum -= oldest.bytes();
    }
  }

  private List<Kept> files(String ending) throws IOException {
    var found = new ArrayList<Kept>();
    try (var files = Files.newDirectoryStream(settings.folder(), prefix + "*" + ending)) {
      for (var file : files) {
        try {
          found.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException _) {
          // Another process has just removed or moved it.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }
}
