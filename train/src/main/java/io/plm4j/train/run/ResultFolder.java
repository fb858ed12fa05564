package io.plm4j.train.run;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/// What a run ends with: a model or an adapter.
///
/// It is written under another name and gets its own when the disk has all of it. An earlier one,
/// of a run that went on after its end, is moved aside and never removed: people may have put
/// something into it.
final class ResultFolder {
  private final Path target;

  ResultFolder(Path target) {
    this.target = target;
  }

  /// Writes it.
  ///
  /// @param writer fills the folder that it is given
  /// @return where it is
  /// @throws InputException if it cannot be written; an earlier one stays
  Path write(Consumer<Path> writer) {
    var partial = beside("partial");
    try {
      DurableFiles.removeTree(partial);
      Files.createDirectory(partial);
      writer.accept(partial);
      if (isThere(partial)) {
        DurableFiles.removeTree(partial);
        return target;
      }
      DurableFiles.syncTree(partial);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(target, aside(), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.sync(DurableFiles.folderOf(target));
      return target;
    } catch (IOException e) {
      throw new InputException(
          "%s cannot be written: %s. The checkpoints have all of it; make space and go on with resume_from_checkpoint=true."
              .formatted(target, e),
          e);
    }
  }

  /// Whether the earlier one has every file of the new one already: a run that was started once
  /// more after its end would otherwise leave another copy each time.
  private boolean isThere(Path written) throws IOException {
    try (var files = Files.walk(written)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var earlier = target.resolve(written.relativize(file));
        if (!Files.isRegularFile(earlier) || Files.mismatch(file, earlier) >= 0) {
          return false;
        }
      }
      return true;
    }
  }

  private Path aside() {
    int number = 1;
    while (Files.exists(beside("earlier-" + number), LinkOption.NOFOLLOW_LINKS)) {
      number++;
    }
    return beside("earlier-" + number);
  }

  private Path beside(String ending) {
    return target.resolveSibling(target.getFileName() + "." + ending);
  }
}
