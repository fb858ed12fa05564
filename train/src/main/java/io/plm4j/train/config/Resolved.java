package io.plm4j.train.config;

import java.util.List;

/// Settings as they were read.
///
/// @param notes a line for each setting that was given and has no effect
public record Resolved(FineTuneSettings settings, List<String> notes) {
  public Resolved {
    notes = List.copyOf(notes);
  }
}
