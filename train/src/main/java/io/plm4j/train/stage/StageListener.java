package io.plm4j.train.stage;

import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Told how the stages go, on the thread that trains.
public interface StageListener {
  /// An earlier process finished the stage.
  default void skipped(int stage, Path result) {}

  /// @param notes on settings that have no effect
  default void begins(int stage, FineTuneSettings settings, List<String> notes) {}

  /// Who is shown the lines of the stage's record.
  default Consumer<RunEntry> watcher(int stage) {
    return _ -> {};
  }

  default void ended(int stage, Outcome outcome) {}
}
