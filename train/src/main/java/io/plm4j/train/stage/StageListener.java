package io.plm4j.train.stage;

import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import java.nio.file.Path;
import java.util.List;

/// Told how the stages go, on the thread that trains.
public interface StageListener {
  /// An earlier process finished the stage.
  default void skipped(int stage, Path result) {}

  /// @param notes on settings that have no effect
  default void begins(int stage, FineTuneSettings settings, List<String> notes) {}

  /// Who is told what happens in a stage; writes the stage's record, too.
  ///
  /// @param folder of the stage's run
  default RunListener listener(int stage, RunFolder folder) {
    return folder.record(_ -> {});
  }

  default void ended(int stage, Outcome outcome) {}
}
