package io.plm4j.train.config;

import io.plm4j.train.data.Source;
import java.util.List;

/// What a model is judged by while it learns.
public sealed interface Validation {
  /// Nothing.
  record None() implements Validation {}

  /// Part of the data, drawn at the start with the data's seed, which the model does not learn
  /// from.
  ///
  /// @param ofRows between 0 and 1
  record Share(double ofRows) implements Validation {
    public Share {
      if (!(ofRows > 0 && ofRows < 1)) {
        throw new IllegalArgumentException("%s is not between 0 and 1".formatted(ofRows));
      }
    }
  }

  /// Data of its own.
  record Sources(List<Source> sources) implements Validation {
    public Sources {
      sources = List.copyOf(sources);
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("no data to validate with");
      }
    }
  }
}
