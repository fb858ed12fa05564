package io.plm4j.text;

/// Cuts text into the pieces inside which byte pairs are merged.
///
/// Hugging Face's files state a regular expression. `java.util.regex` would need care to agree with
/// Oniguruma, and an arbitrary expression from a file may take exponential time; so the expressions
/// that published models use are written out by hand, and others are refused by name.
sealed interface Splitter permits WordSplitter, Gpt2Splitter {
  /// The end of the piece that starts at `start`; always greater than `start`.
  ///
  /// @param text well-formed UTF-16
  /// @param end where the text to split ends, at most `text.length()`
  int pieceEnd(String text, int start, int end);

  /// The end of the run of white space from `start`.
  static int spacesEnd(String text, int start, int end) {
    int i = start;
    while (i < end && UnicodeClasses.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /// `\s+(?!\S)|\s+`: white space before a word leaves its last character to the word.
  static int spacesBeforeWord(int start, int runEnd, int end) {
    return runEnd < end && runEnd - start > 1 ? runEnd - 1 : runEnd;
  }
}
