package io.plm4j;

import io.plm4j.generate.FinishReason;
import io.plm4j.generate.Generation;
import io.plm4j.generate.Guesses;
import io.plm4j.generate.Reuse;
import java.util.List;

/// What the model says.
///
/// @param tokens every generated id, the one that ended the answer included
/// @param promptTokens how many tokens the model read, those of pictures included
/// @param reuse what of the prompt was there already, and where
/// @param firstScores the likeliest first tokens with their logits, best first
/// @param guesses how many tokens were guessed to save time, and how many rightly
public record Answer(
    String text,
    int[] tokens,
    int promptTokens,
    Reuse reuse,
    FinishReason finishReason,
    List<Generation.Score> firstScores,
    Guesses guesses) {
  static Answer of(Generation generation, int promptTokens) {
    return new Answer(
        generation.text(),
        generation.tokens(),
        promptTokens,
        generation.reuse(),
        generation.finishReason(),
        generation.firstScores(),
        generation.guesses());
  }

  /// How many of the prompt's tokens were in a cache already and were not read again.
  public int reusedTokens() {
    return reuse.positions();
  }
}
