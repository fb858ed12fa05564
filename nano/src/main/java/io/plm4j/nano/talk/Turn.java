package io.plm4j.nano.talk;

import io.plm4j.region.Box;
import java.util.List;

/// A question about a picture with its answer.
///
/// @param question with `<|bbox0|>` where it names a region
/// @param answer as short as it can be said
/// @param check what must be right in an answer
/// @param boxes the regions that the question names, in pixels
public record Turn(String question, String answer, Check check, List<Box> boxes) {
  public Turn {
    boxes = List.copyOf(boxes);
  }

  public Turn(String question, String answer, Check check) {
    this(question, answer, check, List.of());
  }

  /// A turn whose answer must be said as it stands, but for capitals and full stops.
  public static Turn exact(String topic, String question, String answer) {
    return new Turn(question, answer, new Check.Exact(topic, List.of(answer)));
  }
}
