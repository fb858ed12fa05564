package io.plm4j.generate.constraint;

/// The white space that may stand between the tokens of JSON: nothing, one space, or one new line
/// with some spaces. JSON itself allows any amount, and a model can fall into an endless loop
/// there.
final class Gap {
  /// Nothing has come yet.
  static final int NONE = 0;

  private static final int SPACE = 1;
  private static final int LINE = 2;
  private static final int MAX_INDENT = 32;

  private Gap() {}

  /// The gap after one more byte, or -1 if it cannot stand there.
  static int read(int gap, int b) {
    if (b == '\n') {
      return gap == NONE ? LINE : -1;
    }
    if (b != ' ' || gap == SPACE) {
      return -1;
    }
    if (gap == NONE) {
      return SPACE;
    }
    return gap < LINE + MAX_INDENT ? gap + 1 : -1;
  }
}
