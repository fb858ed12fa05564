package io.plm4j.text.jinja;

/// Resolves the backslash sequences of a string in a template, as Python does: an unknown one stays
/// as it is.
final class StringEscapes {
  private StringEscapes() {}

  static String resolve(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    var out = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char code = raw.charAt(++i);
      switch (code) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(code);
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'v' -> out.append('\u000B');
        case 'a' -> out.append('\u0007');
        case 'x' -> i = codePoint(raw, i, 2, out);
        case 'u' -> i = codePoint(raw, i, 4, out);
        case 'U' -> i = codePoint(raw, i, 8, out);
        case '0', '1', '2', '3', '4', '5', '6', '7', 'N' ->
            throw new Failure("the escape '\\%c' in a string is not supported".formatted(code));
        default -> out.append('\\').append(code);
      }
    }
    return out.toString();
  }

  /// Appends the character of `digits` hexadecimal digits after `at`; gives the last digit's index.
  private static int codePoint(String raw, int at, int digits, StringBuilder out) {
    int end = at + 1 + digits;
    try {
      out.appendCodePoint(Integer.parseUnsignedInt(raw.substring(at + 1, end), 16));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Failure(
          "'\\%c' in a string needs %d hexadecimal digits of a character"
              .formatted(raw.charAt(at), digits));
    }
    return end - 1;
  }
}
