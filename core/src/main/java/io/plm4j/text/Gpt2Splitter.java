package io.plm4j.text;

import java.util.function.IntPredicate;

/// The pattern of GPT-2, which a `ByteLevel` pre-tokenizer with `use_regex` brings along:
///
/// ```
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// ```
record Gpt2Splitter() implements Splitter {
  private static final String[] CONTRACTIONS = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

  @Override
  public int pieceEnd(String text, int start, int end) {
    for (String contraction : CONTRACTIONS) {
      if (text.startsWith(contraction, start) && start + contraction.length() <= end) {
        return start + contraction.length();
      }
    }
    int first = text.codePointAt(start);
    boolean prefixed = first == ' ' && start + 1 < end && !isSpaceAt(text, start + 1);
    int from = prefixed ? start + 1 : start;
    int c = text.codePointAt(from);
    if (UnicodeClasses.isSpace(c)) {
      return Splitter.spacesBeforeWord(start, Splitter.spacesEnd(text, start, end), end);
    }
    IntPredicate kind =
        UnicodeClasses.isLetter(c)
            ? UnicodeClasses::isLetter
            : UnicodeClasses.isNumber(c) ? UnicodeClasses::isNumber : UnicodeClasses::isOther;
    int i = from;
    while (i < end && kind.test(text.codePointAt(i))) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i;
  }

  private static boolean isSpaceAt(String text, int index) {
    return UnicodeClasses.isSpace(text.charAt(index));
  }
}
