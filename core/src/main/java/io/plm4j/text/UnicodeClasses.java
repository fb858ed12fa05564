package io.plm4j.text;

/// The character classes of the splitting patterns: `\p{L}`, `\p{N}` and `\s` of Oniguruma, which
/// Hugging Face's tokenizers uses.
///
/// Its tables and those of JDK 25 are both of Unicode 16; a test counts the members so that a JDK
/// with a newer Unicode is noticed.
final class UnicodeClasses {
  private static final int LETTERS =
      1 << Character.UPPERCASE_LETTER
          | 1 << Character.LOWERCASE_LETTER
          | 1 << Character.TITLECASE_LETTER
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.OTHER_LETTER;

  private static final int NUMBERS =
      1 << Character.DECIMAL_DIGIT_NUMBER
          | 1 << Character.LETTER_NUMBER
          | 1 << Character.OTHER_NUMBER;

  private UnicodeClasses() {}

  static boolean isLetter(int codePoint) {
    return (LETTERS >> Character.getType(codePoint) & 1) != 0;
  }

  static boolean isNumber(int codePoint) {
    return (NUMBERS >> Character.getType(codePoint) & 1) != 0;
  }

  /// Unicode's White_Space property; neither `Character.isWhitespace` nor `isSpaceChar` is it.
  static boolean isSpace(int codePoint) {
    return switch (codePoint) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> codePoint >= 0x2000 && codePoint <= 0x200A;
    };
  }

  /// Neither letter, number nor white space: `[^\s\p{L}\p{N}]`.
  static boolean isOther(int codePoint) {
    return !isSpace(codePoint) && !isLetter(codePoint) && !isNumber(codePoint);
  }
}
