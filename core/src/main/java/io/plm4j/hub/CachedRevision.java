package io.plm4j.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// A model's files at one commit, in the cache.
///
/// @param refs branches and tags that stand for it; none if it was downloaded as a commit, or if
///   they have moved on
/// @param files by name
/// @param modified when the newest of its files came
public record CachedRevision(
    String commit, List<String> refs, Path folder, List<CachedFile> files, Instant modified) {
  public CachedRevision {
    refs = List.copyOf(refs);
    files = List.copyOf(files);
  }

  /// @param name as in the repository
  /// @param blob the file itself, which other revisions may share
  public record CachedFile(String name, Path blob, long bytes) {}

  /// Of all its files, each blob counted once.
  public long bytes() {
    var seen = new java.util.HashSet<Path>();
    return files.stream().filter(file -> seen.add(file.blob())).mapToLong(CachedFile::bytes).sum();
  }
}
