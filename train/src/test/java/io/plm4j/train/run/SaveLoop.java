package io.plm4j.train.run;

import io.plm4j.train.config.Every;
import io.plm4j.train.config.Saving;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A process that does nothing but save, to be killed while it does.
final class SaveLoop {
  static final int FILES = 3;
  static final int BYTES = 200_000;

  private SaveLoop() {}

  public static void main(String[] args) {
    var checkpoints = new CheckpointFolders(Path.of(args[0]));
    checkpoints.removeLeftovers();
    var saving = new Saving(new Every.Steps(1), OptionalInt.of(2), false);
    long first = checkpoints.steps().isEmpty() ? 1 : checkpoints.steps().getLast() + 1;
    for (long step = first; ; step++) {
      long now = step;
      checkpoints.save(step, folder -> write(folder, now));
      System.out.println("saved"); // the first one is when classes are loaded and it gets quick
      checkpoints.rotate(saving, OptionalLong.empty());
    }
  }

  private static void write(Path folder, long step) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) step);
    try {
      for (int i = 0; i < FILES; i++) {
        Files.write(folder.resolve("weights-" + i), bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new TrainerState(step, step, 1000, Optional.empty(), "{}", "")
        .write(folder, LogWindow.State.EMPTY);
  }
}
