package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The models that were downloaded, by whatever program.
public final class ModelCache {
  private final Path folder;

  ModelCache(Path folder) {
    this.folder = folder;
  }

  /// What holds a folder a model.
  public Path folder() {
    return folder;
  }

  /// All models, by name.
  public List<CachedModel> models() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var children = Files.list(folder)) {
      var models = new ArrayList<CachedModel>();
      for (var child : children.sorted().toList()) {
        var id = ModelId.ofFolderName(child.getFileName().toString());
        if (id.isPresent() && Files.isDirectory(child)) {
          models.add(new CacheScan(new RepoFolder(folder, id.get())).read());
        }
      }
      return models;
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  /// One model.
  ///
  /// @throws InputException if it is not in the cache
  public CachedModel model(ModelId id) {
    var repo = new RepoFolder(folder, id);
    if (!Files.isDirectory(repo.folder())) {
      throw new InputException(
          "%s is not in the cache %s, which has: %s."
              .formatted(
                  id, folder, Excerpt.of(models().stream().map(m -> m.id().text()).toList())));
    }
    try {
      return new CacheScan(repo).read();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  private InputException unreadable(Exception e) {
    return new InputException("The cache %s cannot be read: %s".formatted(folder, e), e);
  }

  /// What goes with a whole model.
  ///
  /// @throws InputException if it is not in the cache
  public Removal removal(ModelId id) {
    var model = model(id);
    return new Removal(
        List.of(id.text()),
        List.of(model.folder(), new RepoFolder(folder, id).locks()),
        model.bytes());
  }

  /// What goes with some revisions: their folders, and the blobs that no other revision has.
  ///
  /// @param revisions each a branch, a tag, a commit, or a commit's begin of at least 6 digits
  /// @throws InputException if one is not in the cache
  public Removal removal(ModelId id, Collection<String> revisions) {
    var model = model(id);
    var chosen =
        revisions.stream().map(revision -> revision(model, revision)).collect(Collectors.toSet());
    return chosen.size() == model.revisions().size() ? removal(id) : removal(model, chosen);
  }

  private static CachedRevision revision(CachedModel model, String revision) {
    var matches =
        model.revisions().stream().filter(candidate -> isNamed(candidate, revision)).toList();
    if (matches.size() != 1) {
      throw new InputException(
          "%s has %s revision '%s' in the cache; it has: %s."
              .formatted(
                  model.id(),
                  matches.isEmpty() ? "no" : "more than one",
                  Excerpt.of(revision),
                  Excerpt.of(model.revisions().stream().map(CachedRevision::commit).toList())));
    }
    return matches.getFirst();
  }

  private static boolean isNamed(CachedRevision candidate, String revision) {
    return candidate.refs().contains(revision)
        || (revision.length() >= 6 && candidate.commit().startsWith(revision));
  }

  private Removal removal(CachedModel model, Set<CachedRevision> revisions) {
    var repo = new RepoFolder(folder, model.id());
    var kept = new HashSet<Path>();
    var paths = new LinkedHashSet<Path>();
    var names = new ArrayList<String>();
    long bytes = 0;
    for (var revision : model.revisions()) {
      if (revisions.contains(revision)) {
        names.add("%s@%s".formatted(model.id(), revision.commit()));
        // First what leads to it, last the content, so that no link ever leads nowhere.
        revision.refs().forEach(ref -> paths.add(repo.refs().resolve(ref)));
        paths.add(revision.folder());
        paths.add(repo.folder().resolve(".no_exist").resolve(revision.commit()));
        paths.add(repo.folder().resolve("trees").resolve(revision.commit() + ".json"));
      } else {
        revision.files().forEach(file -> kept.add(file.blob()));
      }
    }
    for (var revision : revisions) {
      for (var file : revision.files()) {
        if (kept.add(file.blob())) {
          paths.add(file.blob());
          bytes += file.bytes();
        }
      }
    }
    return new Removal(names, List.copyOf(paths), bytes);
  }

  /// What nothing leads to any more: revisions that no branch or tag stands for, blobs of no
  /// revision, and files that have not come whole, except those that are just now being fetched.
  public Removal prune() {
    var all = new Removal(List.of(), List.of(), 0);
    for (var model : models()) {
      try {
        all = all.and(prune(model));
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
    return all;
  }

  private Removal prune(CachedModel model) throws IOException {
    var repo = new RepoFolder(folder, model.id());
    var scan = new CacheScan(repo);
    var detached = new HashSet<CachedRevision>();
    var used = new HashSet<Path>();
    for (var revision : model.revisions()) {
      revision.files().forEach(file -> used.add(file.blob()));
      if (revision.refs().isEmpty()) {
        detached.add(revision);
      }
    }
    var names = new ArrayList<String>();
    var paths = new ArrayList<Path>();
    long bytes = 0;
    for (var partial : scan.partials()) {
      if (isFree(repo, partial)) {
        names.add("%s: what has come of an unfinished file".formatted(model.id()));
        paths.add(partial);
        bytes += CacheScan.come(partial);
      }
    }
    for (var blob : scan.blobs()) {
      if (!used.contains(blob.toAbsolutePath().normalize()) && isFree(repo, blob)) {
        names.add("%s: a file of no revision".formatted(model.id()));
        paths.add(blob);
        bytes += Files.size(blob);
      }
    }
    return removal(model, detached).and(new Removal(names, paths, bytes));
  }

  /// Whether no process is fetching this blob.
  private static boolean isFree(RepoFolder repo, Path blob) throws IOException {
    var lock = repo.lock(RepoFolder.tagOfPartial(blob.getFileName().toString()));
    if (!Files.exists(lock)) {
      return true;
    }
    Optional<BlobLock> held = BlobLock.tryLock(lock);
    held.ifPresent(BlobLock::close);
    return held.isPresent();
  }
}
