package io.plm4j.generate;

import io.plm4j.generate.PromptLookup.Continuation;
import io.plm4j.model.PerceptionLm;
import java.util.Arrays;

/// Decides, token by token of one answer, how many of the next ones are worth guessing.
///
/// What is guessed with a longer match is right more often; how often, is counted by the length of
/// the match, also while nothing is guessed: whether the guess would have been right costs nothing
/// to see. So it begins by itself where an answer begins to repeat something, and ends where that
/// ends.
final class Guesser {
  /// Share of right guesses by length of the match, before there is experience.
  private static final double[] PRIOR = {0, 0.1, 0.35, 0.6};

  /// Weight of the newest guess.
  private static final double NEWEST = 0.1;

  /// A gain below this is within what the measurement may be wrong by.
  private static final double LEAST_GAIN = 1.05;

  private final Guessing guessing;
  private final Pace pace;
  private final double[] right = PRIOR.clone();
  private Continuation next = Continuation.NONE;
  private int made;
  private Guesses guesses = Guesses.NONE;

  Guesser(Guessing guessing, Pace pace) {
    this.guessing = guessing;
    this.pace = pace;
  }

  /// The tokens to check together with the last one.
  ///
  /// @param ids prompt and answer so far
  /// @param left tokens that the answer may still get
  int[] guess(int[] ids, int left) {
    if (guessing == Guessing.NEVER) {
      return new int[0];
    }
    // The pass gives a token of its own behind those that are guessed.
    int most = Math.min(left, PerceptionLm.TOKENS_TOGETHER) - 1;
    next = PromptLookup.after(ids, most);
    made = guessing == Guessing.ALWAYS ? next.tokens().length : worthwhile(next);
    return Arrays.copyOf(next.tokens(), made);
  }

  /// How many tokens of a continuation give most tokens for the time.
  private int worthwhile(Continuation continuation) {
    if (!pace.known()) {
      return 0;
    }
    int best = 0;
    double bestGain = LEAST_GAIN;
    double expected = 1;
    double reached = 1;
    for (int count = 1; count <= continuation.tokens().length; count++) {
      reached *= right[length(count - 1)];
      expected += reached;
      double gain = expected / pace.cost(count + 1);
      if (gain > bestGain) {
        bestGain = gain;
        best = count;
      }
    }
    return best;
  }

  /// Length of the match in front of a guess when those before it were right.
  private int length(int index) {
    return Math.min(PromptLookup.LONGEST, next.matched() + index);
  }

  /// Learns what came of the last guess.
  ///
  /// @param chosen the tokens that the model chose instead, at least one, at most one more than
  ///   were guessed
  void chosen(int[] chosen) {
    int accepted = 0;
    int compared = Math.min(Math.max(made, 1), Math.min(chosen.length, next.tokens().length));
    for (int i = 0; i < compared; i++) {
      boolean same = next.tokens()[i] == chosen[i];
      int length = length(i);
      right[length] += NEWEST * ((same ? 1 : 0) - right[length]);
      if (!same) {
        break;
      }
      accepted += i < made ? 1 : 0;
    }
    guesses = guesses.plus(made, accepted);
  }

  Guesses guesses() {
    return guesses;
  }
}
