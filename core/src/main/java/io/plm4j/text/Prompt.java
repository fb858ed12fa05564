package io.plm4j.text;

import java.util.Arrays;
import java.util.List;

/// What a model reads: token ids, and which of them stand for pictures and videos.
///
/// @param spans in the order of the ids
public record Prompt(int[] ids, List<MediaSpan> spans) {
  public Prompt {
    spans = List.copyOf(spans);
  }

  /// The number of positions.
  public int length() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prompt prompt
        && Arrays.equals(ids, prompt.ids)
        && spans.equals(prompt.spans);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + spans.hashCode();
  }

  @Override
  public String toString() {
    return "Prompt[%d ids, %s]".formatted(ids.length, spans);
  }
}
