package io.plm4j.hub;

import io.plm4j.hub.CachedRevision.CachedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads one model's folder of the cache. What lies there and has no place in the layout is passed
/// over.
final class CacheScan {
  private final RepoFolder repo;

  CacheScan(RepoFolder repo) {
    this.repo = repo;
  }

  CachedModel read() throws IOException {
    var refs = refs();
    var revisions = new ArrayList<CachedRevision>();
    for (var folder : children(repo.snapshots())) {
      var commit = folder.getFileName().toString();
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        revisions.add(revision(folder, commit, refs.getOrDefault(commit, List.of())));
      }
    }
    revisions.sort(
        Comparator.comparing(CachedRevision::modified)
            .reversed()
            .thenComparing(CachedRevision::commit));
    long partial = 0;
    for (var blob : partials()) {
      partial += come(blob);
    }
    return new CachedModel(
        repo.id(), repo.folder(), revisions, bytes(revisions) + partial, partial);
  }

  /// Blobs, and files of snapshots that are no links.
  private long bytes(List<CachedRevision> revisions) throws IOException {
    var seen = new HashSet<Path>();
    long bytes = 0;
    for (var blob : blobs()) {
      seen.add(blob);
      bytes += Files.size(blob);
    }
    for (var revision : revisions) {
      for (var file : revision.files()) {
        bytes += seen.add(file.blob()) ? file.bytes() : 0;
      }
    }
    return bytes;
  }

  /// Branches and tags by commit.
  private Map<String, List<String>> refs() throws IOException {
    var refs = new TreeMap<String, List<String>>();
    for (var file : files(repo.refs())) {
      var name = repo.refs().relativize(file).toString().replace('\\', '/');
      repo.commit(name)
          .ifPresent(commit -> refs.computeIfAbsent(commit, _ -> new ArrayList<>()).add(name));
    }
    return refs;
  }

  private CachedRevision revision(Path folder, String commit, List<String> refs)
      throws IOException {
    var files = new ArrayList<CachedFile>();
    var modified = Instant.EPOCH;
    for (var path : files(folder)) {
      if (!Files.isRegularFile(path)) {
        continue; // a link to a blob that is gone
      }
      var name = folder.relativize(path).toString().replace('\\', '/');
      files.add(new CachedFile(name, blob(path), Files.size(path)));
      var time = Files.getLastModifiedTime(path).toInstant();
      modified = time.isAfter(modified) ? time : modified;
    }
    if (files.isEmpty()) {
      modified = Files.getLastModifiedTime(folder).toInstant();
    }
    files.sort(Comparator.comparing(CachedFile::name));
    return new CachedRevision(commit, refs, folder, files, modified);
  }

  /// Where the link leads, one step: a blob may itself be a link into a store of several models,
  /// which is not ours to remove.
  private static Path blob(Path path) throws IOException {
    return Files.isSymbolicLink(path)
        ? path.resolveSibling(Files.readSymbolicLink(path)).toAbsolutePath().normalize()
        : path;
  }

  /// Whole blobs.
  List<Path> blobs() throws IOException {
    return children(repo.blobs()).stream().filter(path -> !isPartial(path)).toList();
  }

  /// What has come of blobs that are not whole, whoever began them.
  List<Path> partials() throws IOException {
    return children(repo.blobs()).stream().filter(CacheScan::isPartial).toList();
  }

  private static boolean isPartial(Path path) {
    return path.getFileName().toString().endsWith(RepoFolder.PARTIAL_SUFFIX);
  }

  /// What has come into an unfinished file: one that comes in pieces has holes.
  static long come(Path partial) throws IOException {
    var bytes = PartialFile.bytesIn(partial);
    return bytes.isPresent() ? bytes.getAsLong() : Files.size(partial);
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (var children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  /// All files below a folder, links included and not followed.
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }
}
