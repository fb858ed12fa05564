package io.plm4j.generate;

import java.util.List;

/// An answer as the model made it.
///
/// @param text without special tokens and without a stop string
/// @param tokens every id that was chosen, the one that ended the answer included
/// @param reuse what of the prompt was there already
/// @param firstScores the likeliest first tokens, best first; empty if the work was cancelled
///   before
/// @param guesses how many tokens were guessed, and how many rightly
public record Generation(
    String text,
    int[] tokens,
    Reuse reuse,
    FinishReason finishReason,
    List<Score> firstScores,
    Guesses guesses) {
  /// A token with its logit.
  public record Score(int id, float logit) {}
}
