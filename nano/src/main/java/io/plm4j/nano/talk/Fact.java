package io.plm4j.nano.talk;

import java.util.List;

/// Something that a description must say.
public sealed interface Fact {
  /// One of these is named.
  record Mention(List<String> oneOf) implements Fact {
    public Mention {
      oneOf = List.copyOf(oneOf);
    }

    public Mention(String text) {
      this(List.of(text));
    }
  }

  /// The number that follows the name is this one, but for a tolerance.
  record Amount(String name, double value, double tolerance) implements Fact {}

  /// The name follows one of the cues, such as `highest`, before any of the other names does.
  record Pointed(List<String> cues, String name, List<String> others) implements Fact {
    public Pointed {
      cues = List.copyOf(cues);
      others = List.copyOf(others);
    }
  }
}
