package io.plm4j.hub;

import java.nio.file.Path;
import java.util.List;

/// A model in the cache.
///
/// @param revisions the newest first
/// @param bytes on the disk, each blob counted once, those of no snapshot included
/// @param partialBytes of `bytes`, those of files that have not come whole
public record CachedModel(
    ModelId id, Path folder, List<CachedRevision> revisions, long bytes, long partialBytes) {
  public CachedModel {
    revisions = List.copyOf(revisions);
  }
}
