package io.plm4j.train.run;

import java.nio.file.Path;

/// The folder of a run.
public final class RunFolder {
  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }
}
