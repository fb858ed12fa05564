package io.plm4j.train.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A setting as it was written, before anybody has said what it must be.
sealed interface Node {
  Origin origin();

  /// A word, a number, true or false; which of them, the reader of the setting decides.
  record Scalar(String text, Origin origin) implements Node {}

  /// Nothing: the setting counts as absent, and hides one of an earlier layer.
  record Absent(Origin origin) implements Node {}

  record Items(List<Node> nodes, Origin origin) implements Node {
    public Items {
      nodes = List.copyOf(nodes);
    }
  }

  record Mapping(SequencedMap<String, Node> entries, Origin origin) implements Node {
    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    /// This mapping, with the entries of another one over it. Mappings within are laid over each
    /// other in the same way; all else is replaced as a whole.
    Mapping under(Mapping upper) {
      var merged = new LinkedHashMap<>(entries);
      upper.entries.forEach((key, value) ->
          merged.merge(
              key,
              value,
              (mine, theirs) ->
                  mine instanceof Mapping lower && theirs instanceof Mapping over
                      ? lower.under(over)
                      : theirs));
      return new Mapping(merged, entries.isEmpty() ? upper.origin : origin);
    }
  }

  /// For messages: the text, or what kind of thing it is.
  default String describe() {
    return switch (this) {
      case Scalar(var text, _) -> text.isEmpty() ? "empty" : text;
      case Absent(_) -> "empty";
      case Items(var nodes, _) -> "a list of %d".formatted(nodes.size());
      case Mapping(var entries, _) -> "a mapping of " + String.join(", ", entries.keySet());
    };
  }
}
