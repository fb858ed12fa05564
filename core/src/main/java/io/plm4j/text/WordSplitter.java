package io.plm4j.text;

/// The pattern of Llama 3 (and, with another number of digits, of Qwen 2):
///
/// ```
/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
///
/// @param digits the most digits in one piece
record WordSplitter(int digits) implements Splitter {
  @Override
  public int pieceEnd(String text, int start, int end) {
    int c = text.codePointAt(start);
    int second = start + Character.charCount(c);
    if (c == '\'') {
      int contraction = contractionEnd(text, second, end);
      if (contraction > 0) {
        return contraction;
      }
    }
    if (UnicodeClasses.isLetter(c)) {
      return lettersEnd(text, second, end);
    }
    if (UnicodeClasses.isNumber(c)) {
      return numbersEnd(text, second, end);
    }
    boolean newline = c == '\r' || c == '\n';
    int following = second < end ? text.codePointAt(second) : -1;
    if (!newline && following >= 0 && UnicodeClasses.isLetter(following)) {
      return lettersEnd(text, second, end);
    }
    if (c == ' ' && following >= 0 && UnicodeClasses.isOther(following)) {
      return othersEnd(text, second, end);
    }
    if (!UnicodeClasses.isSpace(c)) {
      return othersEnd(text, start, end);
    }
    return spaces(text, start, end);
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`
  private static int spaces(String text, int start, int end) {
    int runEnd = Splitter.spacesEnd(text, start, end);
    for (int i = runEnd - 1; i >= start; i--) {
      if (text.charAt(i) == '\n' || text.charAt(i) == '\r') {
        return i + 1;
      }
    }
    return Splitter.spacesBeforeWord(start, runEnd, end);
  }

  /// The end of one of `s t re ve m ll d` in any case, or -1. Without regard to case, the long s is
  /// an s.
  private static int contractionEnd(String text, int at, int end) {
    if (at >= end) {
      return -1;
    }
    char first = lower(text.charAt(at));
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 1;
    }
    char second = at + 1 < end ? lower(text.charAt(at + 1)) : 0;
    boolean two = second == 'e' && (first == 'r' || first == 'v') || second == 'l' && first == 'l';
    return two ? at + 2 : -1;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '\u017F' ? 's' : c;
  }

  private static int lettersEnd(String text, int from, int end) {
    int i = from;
    while (i < end) {
      int c = text.codePointAt(i);
      if (!UnicodeClasses.isLetter(c)) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private int numbersEnd(String text, int from, int end) {
    int i = from;
    for (int taken = 1; taken < digits && i < end; taken++) {
      int c = text.codePointAt(i);
      if (!UnicodeClasses.isNumber(c)) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  /// `[^\s\p{L}\p{N}]+[\r\n]*`
  private static int othersEnd(String text, int from, int end) {
    int i = from;
    while (i < end) {
      int c = text.codePointAt(i);
      if (!UnicodeClasses.isOther(c)) {
        break;
      }
      i += Character.charCount(c);
    }
    while (i < end && (text.charAt(i) == '\n' || text.charAt(i) == '\r')) {
      i++;
    }
    return i;
  }
}
