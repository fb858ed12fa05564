package io.plm4j.adapter;

import java.util.List;

/// Which layers an adapter is for.
public sealed interface Targets {
  /// Layers whose name is one of these or ends with a dot and one of these.
  record Suffixes(List<String> suffixes) implements Targets {
    public Suffixes {
      suffixes = List.copyOf(suffixes);
    }
  }

  /// Layers whose whole name matches a regular expression.
  record Regex(NamePattern pattern) implements Targets {}

  /// Every linear layer but the output head.
  record AllLinear() implements Targets {}

  /// No layer; what is excluded where nothing is.
  record None() implements Targets {}
}
