package io.plm4j.generate;

/// How an answer's tokens were guessed.
///
/// @param made tokens that were guessed and checked
/// @param accepted how many of them were the model's own choice, so that each saved a pass
public record Guesses(int made, int accepted) {
  public static final Guesses NONE = new Guesses(0, 0);

  Guesses plus(int moreMade, int moreAccepted) {
    return new Guesses(made + moreMade, accepted + moreAccepted);
  }
}
