package io.plm4j.hub;

import io.plm4j.hub.HubSettings.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The folder of one commit, in which each name leads to its blob.
final class Snapshot {
  private final RepoFolder repo;
  private final Path folder;
  private final Links links;

  private final Set<String> fresh;

  /// Blobs that have become files of the snapshot, where the file system has no links.
  private final Map<String, Path> moved = new HashMap<>();

  /// @param fresh tags of the blobs that were fetched just now
  Snapshot(RepoFolder repo, String commit, Links links, Set<String> fresh) {
    this.repo = repo;
    this.folder = repo.snapshot(commit);
    this.links = links;
    this.fresh = Set.copyOf(fresh);
  }

  Path folder() {
    return folder;
  }

  /// Whether the file is here with the size it must have.
  boolean has(RemoteFile file) throws IOException {
    return has(folder, file);
  }

  static boolean has(Path folder, RemoteFile file) throws IOException {
    var path = folder.resolve(file.name());
    return Files.isRegularFile(path) && Files.size(path) == file.size();
  }

  /// Puts a file here whose blob is in the cache.
  void add(RemoteFile file) throws IOException {
    if (has(file)) {
      return;
    }
    var path = folder.resolve(file.name());
    var parent = Objects.requireNonNull(path.getParent());
    Files.createDirectories(parent);
    if (!parent.toRealPath().startsWith(folder.toRealPath())) {
      throw new HubException(
          HubException.Kind.WRONG,
          "%s leads out of its folder; remove it and run this again.".formatted(parent));
    }
    var blob = repo.blob(file.tag());
    if (links == Links.SYMBOLIC && link(path, parent.relativize(blob))) {
      return;
    }
    move(file, blob, path);
  }

  /// Makes a link that appears at once and complete.
  private static boolean link(Path path, Path target) throws IOException {
    var temporary = temporary(path);
    Files.deleteIfExists(temporary);
    try {
      Files.createSymbolicLink(temporary, target);
    } catch (UnsupportedOperationException | IOException _) {
      return false; // no links here; what else may be wrong is told when the file itself is written
    }
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  /// As Python does: a blob that is new goes to its first place itself, and is copied to others;
  /// one that was there may be what other snapshots' links lead to.
  private void move(RemoteFile file, Path blob, Path path) throws IOException {
    boolean isNew = fresh.contains(file.tag());
    var source = moved.getOrDefault(file.tag(), blob);
    if (isNew && source.equals(blob)) {
      Files.move(blob, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved.put(file.tag(), path);
      return;
    }
    var temporary = temporary(path);
    Files.copy(source, temporary, StandardCopyOption.REPLACE_EXISTING);
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path temporary(Path path) {
    return path.resolveSibling(path.getFileName() + ".plm4j.tmp");
  }
}
