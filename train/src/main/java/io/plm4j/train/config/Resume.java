package io.plm4j.train.config;

import java.nio.file.Path;

/// Whether a run goes on from a checkpoint.
public sealed interface Resume {
  /// It begins, and there must be none in its folder.
  record Never() implements Resume {}

  /// It goes on from the last one in its folder; there must be one.
  record Latest() implements Resume {}

  /// It goes on from the last one in its folder, and begins where there is none.
  record IfThere() implements Resume {}

  /// It goes on from this one.
  record From(Path checkpoint) implements Resume {}
}
