package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.layout.Layout;
import java.nio.file.Path;

/// Opens the weights of a model folder of either layout under the names that are used in here.
public final class PlmCheckpoint {
  private PlmCheckpoint() {}

  /// @param config as read from the same folder
  /// @throws io.plm4j.error.InputException if there are no weights or they cannot be read
  public static Checkpoint open(Path folder, PlmConfig config) {
    return Checkpoint.open(folder, dialect(Layout.of(folder), config));
  }

  /// From a layout's names to those in here.
  public static Dialect dialect(Layout layout, PlmConfig config) {
    return switch (layout) {
      case HUGGING_FACE -> Dialect.renaming(HfNames::canonical);
      case ORIGINAL -> MetaNames.toCanonical(config);
    };
  }
}
