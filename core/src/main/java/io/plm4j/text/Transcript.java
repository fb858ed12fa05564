package io.plm4j.text;

import java.util.List;

/// A whole conversation as ids, with the places of what the assistant says in it.
///
/// @param turns the assistant's, in their order
public record Transcript(Prompt prompt, List<Turn> turns) {
  /// A message of the assistant.
  ///
  /// @param opening position of the first id that the template writes before the answer, such as
  ///   `<|start_header_id|>`
  /// @param answer position of the first id of the answer: what stands before it is the prompt that
  ///   the model would be given
  /// @param end one past its last id, which is the one that closes it, such as `<|eot_id|>`
  public record Turn(int opening, int answer, int end) {}

  public Transcript {
    turns = List.copyOf(turns);
  }
}
