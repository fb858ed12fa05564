package io.plm4j.memory;

/// How long a request and its answer are.
///
/// @param textTokens of the prompt, without those of media
/// @param tiles of all pictures, and frames of all videos
/// @param newTokens that the answer may have
public record AnswerSize(int textTokens, int tiles, int newTokens) {
  public AnswerSize {
    if (textTokens < 0 || tiles < 0 || newTokens < 1) {
      throw new IllegalArgumentException(
          "an answer of %d tokens to %d tokens and %d tiles"
              .formatted(newTokens, textTokens, tiles));
    }
  }

  public AnswerSize withTiles(int count) {
    return new AnswerSize(textTokens, count, newTokens);
  }

  public AnswerSize withNewTokens(int count) {
    return new AnswerSize(textTokens, tiles, count);
  }

  /// Positions of prompt and answer.
  public long positions(int tokensPerTile) {
    return textTokens + (long) tiles * tokensPerTile + newTokens;
  }
}
