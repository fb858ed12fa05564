package io.plm4j.generate;

/// Guesses the next tokens by looking up what came after the last ones when they occurred before:
/// answers repeat the prompt's words, and their own.
///
/// Source: Saxena 2023, Prompt Lookup Decoding.
final class PromptLookup {
  /// More tokens in common than this make a guess no better.
  static final int LONGEST = 3;

  private PromptLookup() {}

  /// What could come next.
  ///
  /// @param tokens in their order
  /// @param matched how many tokens before them occurred before, 1 to [#LONGEST]
  record Continuation(int[] tokens, int matched) {
    static final Continuation NONE = new Continuation(new int[0], 0);
  }

  /// @param ids prompt and answer so far
  /// @param most tokens to guess; 0 or less for none
  /// @return with as many tokens as asked for, or none
  static Continuation after(int[] ids, int most) {
    if (most < 1) {
      return Continuation.NONE;
    }
    for (int matched = Math.min(LONGEST, ids.length - 1); matched >= 1; matched--) {
      int next = latest(ids, matched);
      if (next > 0) {
        return new Continuation(from(ids, next, most), matched);
      }
    }
    return Continuation.NONE;
  }

  /// Index behind the latest earlier occurrence of the last tokens; 0 if there is none.
  private static int latest(int[] ids, int count) {
    int tail = ids.length - count;
    for (int at = tail - 1; at >= 0; at--) {
      int same = 0;
      while (same < count && ids[at + same] == ids[tail + same]) {
        same++;
      }
      if (same == count) {
        return at + count;
      }
    }
    return 0;
  }

  /// Behind the last token the guess goes on with itself: what repeats, repeats again.
  private static int[] from(int[] ids, int next, int count) {
    var tokens = new int[count];
    for (int i = 0; i < count; i++) {
      int at = next + i;
      tokens[i] = at < ids.length ? ids[at] : tokens[at - ids.length];
    }
    return tokens;
  }
}
