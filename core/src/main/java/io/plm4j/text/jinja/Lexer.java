package io.plm4j.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Cuts a template into tokens, and settles here what white space around tags remains:
///
/// - a `-` inside a tag removes all white space on its side;
/// - a block tag or comment that is first on its line loses the blanks before it (`lstrip_blocks`),
///   unless it opens with `+`;
/// - the line break right after a block tag or comment goes (`trim_blocks`), unless it closes with
///   `+`;
/// - one line break at the template's end goes.
///
/// `{{ }}` is touched by `-` only.
final class Lexer {
  private static final List<String> LONG_SIGNS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String SIGNS = "+-/*%~[](){}><=.:|,;";

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /// Whether the text at `at` begins a line, as far as the tag before it decides that.
  private boolean lineStarts = true;

  private Lexer(Source source, String template) {
    this.source = source;
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    text = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
  }

  static List<Token> tokens(Source source, String template) {
    return new Lexer(source, template).run();
  }

  private List<Token> run() {
    while (at < text.length()) {
      int tag = nextTag();
      if (tag < 0) {
        add(Token.Kind.TEXT, text.substring(at), text.length());
        break;
      }
      char kind = text.charAt(tag + 1);
      char sign = tag + 2 < text.length() ? text.charAt(tag + 2) : 0;
      boolean signed = sign == '-' || sign == '+';
      addText(tag, kind == '{' ? (sign == '-' ? '-' : '+') : sign);
      at = tag + (signed ? 3 : 2);
      switch (kind) {
        case '#' -> skipComment();
        case '{' -> readTag(Token.Kind.OPEN_OUTPUT, Token.Kind.CLOSE_OUTPUT, "}}");
        default -> {
          if (!readRaw()) {
            readTag(Token.Kind.OPEN_TAG, Token.Kind.CLOSE_TAG, "%}");
          }
        }
      }
    }
    tokens.add(new Token(Token.Kind.END, "", line));
    return tokens;
  }

  private int nextTag() {
    for (int i = text.indexOf('{', at); i >= 0; i = text.indexOf('{', i + 1)) {
      if (i + 1 < text.length() && "{%#".indexOf(text.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /// Adds the text up to a tag at `end`.
  ///
  /// @param sign `-` strips all, `+` nothing, anything else the blanks at the start of a line
  private void addText(int end, char sign) {
    int keep = end;
    if (sign == '-') {
      while (keep > at && Whitespace.is(text.charAt(keep - 1))) {
        keep--;
      }
    } else if (sign != '+') {
      int lineStart = end;
      while (lineStart > at && text.charAt(lineStart - 1) != '\n') {
        lineStart--;
      }
      if ((lineStart > at || lineStarts) && Whitespace.isAll(text, lineStart, end)) {
        keep = lineStart;
      }
    }
    add(Token.Kind.TEXT, text.substring(at, keep), end);
  }

  private void add(Token.Kind kind, String value, int end) {
    if (kind != Token.Kind.TEXT || !value.isEmpty()) {
      tokens.add(new Token(kind, value, line));
    }
    moveTo(end);
  }

  private void moveTo(int end) {
    for (int i = at; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    if (end > at) {
      lineStarts = text.charAt(end - 1) == '\n';
    }
    at = end;
  }

  private void skipComment() {
    int end = text.indexOf("#}", at);
    if (end < 0) {
      throw source.error(line, "the comment '{#' is not closed with '#}'");
    }
    moveTo(afterClosing(end, end > at ? text.charAt(end - 1) : 0));
  }

  /// Where the template goes on after `%}` or `#}` at `closing`.
  private int afterClosing(int closing, char sign) {
    int after = closing + 2;
    if (sign == '-') {
      return Whitespace.skip(text, after);
    }
    return sign != '+' && after < text.length() && text.charAt(after) == '\n' ? after + 1 : after;
  }

  /// `{% raw %} ... {% endraw %}`: what is between is text.
  private boolean readRaw() {
    int word = Whitespace.skip(text, at);
    if (!text.startsWith("raw", word)) {
      return false;
    }
    int close = Whitespace.skip(text, word + 3);
    boolean strips = text.startsWith("-%}", close);
    if (!strips && !text.startsWith("%}", close)) {
      return false;
    }
    int opened = line;
    moveTo(strips ? Whitespace.skip(text, close + 3) : close + 2);
    for (int tag = text.indexOf("{%", at); tag >= 0; tag = text.indexOf("{%", tag + 1)) {
      char sign = tag + 2 < text.length() ? text.charAt(tag + 2) : 0;
      int name = Whitespace.skip(text, sign == '-' || sign == '+' ? tag + 3 : tag + 2);
      int end = Whitespace.skip(text, name + 6);
      if (!text.startsWith("endraw", name)) {
        continue;
      }
      char closingSign = end < text.length() ? text.charAt(end) : 0;
      int closing = closingSign == '-' || closingSign == '+' ? end + 1 : end;
      if (text.startsWith("%}", closing)) {
        addText(tag, sign);
        moveTo(afterClosing(closing, closingSign));
        return true;
      }
    }
    throw source.error(opened, "'{% raw %}' is not closed with '{% endraw %}'");
  }

  private void readTag(Token.Kind open, Token.Kind close, String end) {
    int opened = line;
    add(open, "", at);
    Deque<Character> brackets = new ArrayDeque<>();
    while (true) {
      moveTo(Whitespace.skip(text, at));
      if (at >= text.length()) {
        throw source.error(opened, "the tag is not closed with '%s'".formatted(end));
      }
      if (brackets.isEmpty() && closes(close, end)) {
        return;
      }
      readInside(brackets);
    }
  }

  private boolean closes(Token.Kind close, String end) {
    char first = text.charAt(at);
    boolean block = close == Token.Kind.CLOSE_TAG;
    boolean signed = first == '-' || first == '+' && block;
    int closing = signed ? at + 1 : at;
    if (!text.startsWith(end, closing)) {
      return false;
    }
    int after =
        block
            ? afterClosing(closing, first)
            : first == '-' ? Whitespace.skip(text, closing + 2) : closing + 2;
    add(close, "", after);
    return true;
  }

  private void readInside(Deque<Character> brackets) {
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      readString(c);
    } else if (c >= '0' && c <= '9') {
      readNumber();
    } else if (Character.isLetter(c) || c == '_') {
      int end = at;
      while (end < text.length()
          && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      add(Token.Kind.NAME, text.substring(at, end), end);
    } else if (SIGNS.indexOf(c) >= 0 || text.startsWith("!=", at)) {
      String sign = String.valueOf(c);
      if (at + 2 <= text.length() && LONG_SIGNS.contains(text.substring(at, at + 2))) {
        sign = text.substring(at, at + 2);
      }
      balance(c, brackets);
      add(Token.Kind.SIGN, sign, at + sign.length());
    } else {
      throw source.error(line, "unexpected character '%c' in a tag".formatted(c));
    }
  }

  private void balance(char c, Deque<Character> brackets) {
    switch (c) {
      case '(' -> brackets.push(')');
      case '[' -> brackets.push(']');
      case '{' -> brackets.push('}');
      case ')', ']', '}' -> {
        if (brackets.isEmpty() || brackets.pop() != c) {
          throw source.error(line, "'%c' closes nothing".formatted(c));
        }
      }
      default -> {}
    }
  }

  private void readString(char quote) {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw source.error(line, "a string is not closed with " + quote);
    }
    try {
      add(Token.Kind.STRING, StringEscapes.resolve(text.substring(at + 1, end)), end + 1);
    } catch (Failure e) {
      throw source.error(line, String.valueOf(e.getMessage()));
    }
  }

  private void readNumber() {
    int end = digitsEnd(at);
    Token.Kind kind = Token.Kind.INTEGER;
    // After a dot a number is an index: `x.0.1`.
    boolean member = at > 0 && text.charAt(at - 1) == '.';
    if (!member
        && end + 1 < text.length()
        && text.charAt(end) == '.'
        && isDigit(text.charAt(end + 1))) {
      kind = Token.Kind.DECIMAL;
      end = digitsEnd(end + 1);
    }
    if (end < text.length() && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '_')) {
      throw source.error(
          line, "numbers other than decimal ones such as 12 and 0.5 are not supported");
    }
    add(kind, text.substring(at, end), end);
  }

  private int digitsEnd(int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
