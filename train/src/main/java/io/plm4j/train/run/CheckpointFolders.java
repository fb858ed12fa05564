package io.plm4j.train.run;

import io.plm4j.error.InputException;
import io.plm4j.train.config.Saving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The checkpoints of a run, `checkpoint-250` and so on.
///
/// One is written under another name, and gets its own when the disk has all of it; it loses the
/// name before the first of its files is removed. So whatever is called a checkpoint is a whole
/// one, at whichever moment the process is killed.
public final class CheckpointFolders {
  private static final Pattern NAME = Pattern.compile("checkpoint-(0|[1-9]\\d{0,14})");
  private static final Pattern LEFTOVER =
      Pattern.compile("checkpoint-\\d{1,15}\\.(partial|removed)");

  private final Path folder;

  CheckpointFolders(Path folder) {
    this.folder = folder;
  }

  static String name(long step) {
    return "checkpoint-" + step;
  }

  /// The folder of a step's checkpoint, whether it is there or not.
  public Path path(long step) {
    return folder.resolve(name(step));
  }

  /// The steps that have one, in order.
  public List<Long> steps() {
    var steps = new ArrayList<Long>();
    for (var entry : entries()) {
      var matcher = NAME.matcher(String.valueOf(entry.getFileName()));
      if (matcher.matches() && Files.isDirectory(entry)) {
        steps.add(Long.parseLong(matcher.group(1)));
      }
    }
    Collections.sort(steps);
    return List.copyOf(steps);
  }

  /// The last one.
  public Optional<Path> latest() {
    var steps = steps();
    return steps.isEmpty() ? Optional.empty() : Optional.of(path(steps.getLast()));
  }

  /// Removes what a process that was killed has left half written or half removed.
  void removeLeftovers() {
    for (var entry : entries()) {
      if (LEFTOVER.matcher(String.valueOf(entry.getFileName())).matches()) {
        try {
          DurableFiles.removeTree(entry);
        } catch (IOException e) {
          throw new InputException("%s cannot be removed: %s".formatted(entry, e), e);
        }
      }
    }
  }

  /// Writes one.
  ///
  /// @param writer fills the folder that it is given
  /// @return where it is
  /// @throws InputException if it cannot be written, as to a full disk; the earlier ones stay
  Path save(long step, Consumer<Path> writer) {
    var target = path(step);
    if (Files.isDirectory(target)) {
      return target; // of this very step: a run that goes on from it was stopped at once
    }
    var partial = folder.resolve(name(step) + ".partial");
    try {
      DurableFiles.removeTree(partial);
      Files.createDirectory(partial);
      writer.accept(partial);
      DurableFiles.syncTree(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.sync(folder);
      return target;
    } catch (IOException e) {
      throw new InputException(
          "%s cannot be written: %s. The earlier checkpoints are as they were."
              .formatted(target, e),
          e);
    }
  }

  /// Removes the oldest where there are more than are to be kept.
  ///
  /// @param best the step with the lowest validation loss
  void rotate(Saving saving, OptionalLong best) {
    if (saving.limit().isEmpty()) {
      return;
    }
    var steps = steps();
    int removable = steps.size() - saving.limit().getAsInt();
    for (long step : steps.subList(0, Math.max(0, removable))) {
      if (!(saving.loadBest() && best.isPresent() && best.getAsLong() == step)) {
        remove(step);
      }
    }
  }

  private void remove(long step) {
    var removed = folder.resolve(name(step) + ".removed");
    try {
      DurableFiles.removeTree(removed);
      Files.move(path(step), removed, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.removeTree(removed);
    } catch (IOException e) {
      throw new InputException("%s cannot be removed: %s".formatted(path(step), e), e);
    }
  }

  private List<Path> entries() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e), e);
    }
  }
}
