package io.plm4j.hub;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// One model's folder in the cache, laid out as `huggingface_hub` does: `blobs` by tag, a folder of
/// links a commit in `snapshots`, the commit of each branch in `refs`.
record RepoFolder(Path cache, ModelId id) {
  static final String PARTIAL_SUFFIX = ".incomplete";

  Path folder() {
    return cache.resolve(id.folderName());
  }

  Path blobs() {
    return folder().resolve("blobs");
  }

  Path blob(String tag) {
    return blobs().resolve(tag);
  }

  /// What has come of a blob. The name is ours alone, as other programs write theirs from the begin
  /// to the end; its ending tells them that it is not complete.
  Path partial(String tag) {
    return blobs().resolve(tag + ".plm4j" + PARTIAL_SUFFIX);
  }

  /// Which blob an unfinished file is to become.
  static String tagOfPartial(String fileName) {
    int dot = fileName.indexOf('.');
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }

  Path snapshots() {
    return folder().resolve("snapshots");
  }

  Path snapshot(String commit) {
    return snapshots().resolve(commit);
  }

  Path refs() {
    return folder().resolve("refs");
  }

  Path locks() {
    return cache.resolve(".locks").resolve(id.folderName());
  }

  Path lock(String tag) {
    return locks().resolve(tag + ".lock");
  }

  /// The commit that a revision stood for when it was last asked for.
  Optional<String> commit(String revision) {
    if (ModelRef.isCommit(revision)) {
      return Optional.of(revision);
    }
    try {
      var file = refs().resolve(revision);
      if (!Files.isRegularFile(file) || Files.size(file) > 1000) {
        return Optional.empty();
      }
      return Optional.of(Files.readString(file).strip()).filter(ModelRef::isCommit);
    } catch (IOException _) {
      // Not readable, not UTF-8: as good as not there, and written anew by the next download.
      return Optional.empty();
    }
  }

  /// Notes what a revision stands for, never half-written.
  void writeRef(ModelRef model, String commit) throws IOException {
    if (model.isCommit() || commit(model.revision()).equals(Optional.of(commit))) {
      return;
    }
    var file = refs().resolve(model.revision());
    Files.createDirectories(file.getParent());
    var temporary = file.resolveSibling(file.getFileName() + ".plm4j.tmp");
    Files.writeString(temporary, commit);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Notes that a commit has no file of this name, as Python's programs do.
  void writeAbsence(String commit, String name) throws IOException {
    var file = folder().resolve(".no_exist").resolve(commit).resolve(name);
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[0]);
    }
  }

  /// Makes the cache known to programs for backups, which leave such folders out.
  void prepare() throws IOException {
    Files.createDirectories(blobs());
    Files.createDirectories(snapshots());
    Files.createDirectories(locks());
    var mark = cache.resolve("CACHEDIR.TAG");
    if (!Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) {
      Files.writeString(mark, "Signature: 8a477f597d28d172789f06886806bc55\n");
    }
  }

  InputException cannotWrite(IOException e) {
    return new InputException(
        "%s cannot be written: %s. Free or repair it, or set HF_HUB_CACHE to another folder."
            .formatted(folder(), e.getMessage() == null ? e : e),
        e);
  }
}
