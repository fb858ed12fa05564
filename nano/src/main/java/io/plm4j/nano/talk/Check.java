package io.plm4j.nano.talk;

import io.plm4j.region.Box;
import java.util.List;

/// What must be right in an answer.
///
/// Every check has a topic, under which accuracy is reported, such as `highest` or `colour`.
public sealed interface Check {
  /// The kind of question.
  String topic();

  /// The answer is one of these, but for capitals, articles and punctuation.
  record Exact(String topic, List<String> accepted) implements Check {
    public Exact {
      accepted = List.copyOf(accepted);
    }
  }

  /// The answer's first number is this one, but for a tolerance.
  ///
  /// @param tolerance 0 for a number that is printed
  record Amount(String topic, double value, double tolerance) implements Check {}

  /// The answer is this text, sign for sign but for capitals.
  record Reading(String topic, String text) implements Check {}

  /// The answer is a box that covers this one.
  record Region(String topic, Box box, int width, int height) implements Check {}

  /// The answer says all of this.
  record Facts(String topic, List<Fact> facts) implements Check {
    public Facts {
      facts = List.copyOf(facts);
    }
  }
}
