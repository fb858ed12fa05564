package io.plm4j.train.config;

/// Answers that the model gives while it learns, to see how it does.
///
/// @param count how many questions of the validation data, or else of the training data, are asked
///   at each evaluation; 0: none
/// @param maxNewTokens length of an answer
public record Samples(int count, int maxNewTokens) {
  /// As in the model card.
  public static final Samples NONE = new Samples(0, 64);

  public Samples {
    if (count < 0 || maxNewTokens < 1) {
      throw new IllegalArgumentException("%d samples of %d".formatted(count, maxNewTokens));
    }
  }
}
