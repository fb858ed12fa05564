package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Python's operations on strings, for traced texts.
final class Texts {
  private Texts() {}

  enum Side {
    LEFT,
    RIGHT,
    BOTH
  }

  /// @param characters what to strip; white space if null
  static TracedText strip(TracedText text, @Nullable String characters, Side side) {
    String s = text.toString();
    int from = 0;
    int to = s.length();
    while (side != Side.RIGHT && from < to && strips(s.codePointAt(from), characters)) {
      from += Character.charCount(s.codePointAt(from));
    }
    while (side != Side.LEFT && to > from && strips(s.codePointBefore(to), characters)) {
      to -= Character.charCount(s.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean strips(int c, @Nullable String characters) {
    return characters == null ? c < 0x10000 && Whitespace.is((char) c) : characters.indexOf(c) >= 0;
  }

  /// @param separator null for runs of white space, which then make no empty parts
  /// @param most how often to split, negative for no limit
  static List<Value> split(TracedText text, @Nullable String separator, long most) {
    List<Value> parts = new ArrayList<>();
    if (separator == null) {
      splitAtWhitespace(text, most, parts);
      return parts;
    }
    if (separator.isEmpty()) {
      throw new Failure("the separator of split() is empty");
    }
    String s = text.toString();
    int from = 0;
    for (int at = s.indexOf(separator); at >= 0; at = s.indexOf(separator, from)) {
      if (most >= 0 && parts.size() >= most) {
        break;
      }
      parts.add(new Value.Text(text.substring(from, at)));
      from = at + separator.length();
    }
    parts.add(new Value.Text(text.substring(from, s.length())));
    return parts;
  }

  private static void splitAtWhitespace(TracedText text, long most, List<Value> parts) {
    String s = text.toString();
    for (int from = Whitespace.skip(s, 0); from < s.length(); ) {
      if (most >= 0 && parts.size() >= most) {
        parts.add(new Value.Text(text.substring(from, s.length())));
        return;
      }
      int to = from;
      while (to < s.length() && !Whitespace.is(s.charAt(to))) {
        to++;
      }
      parts.add(new Value.Text(text.substring(from, to)));
      from = Whitespace.skip(s, to);
    }
  }

  /// @param most how often to replace, negative for no limit
  static TracedText replace(
      TracedText text, TracedText old, TracedText replacement, long most, Budget budget) {
    String s = text.toString();
    String wanted = old.toString();
    var out = new TracedText.Builder();
    int from = 0;
    long count = 0;
    for (int at = s.indexOf(wanted); at >= 0 && (most < 0 || count < most); count++) {
      budget.spend(1 + replacement.length());
      out.append(text, from, at).append(replacement);
      from = at + wanted.length();
      if (wanted.isEmpty()) {
        // An empty string is found before each character and at the end.
        if (at == s.length()) {
          break;
        }
        int next = s.offsetByCodePoints(at, 1);
        out.append(text, at, next);
        from = next;
        at = next;
      } else {
        at = s.indexOf(wanted, from);
      }
    }
    return out.append(text, from, s.length()).build();
  }

  static List<Value> lines(TracedText text) {
    String s = text.toString();
    List<Value> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      if (isLineEnd(s.charAt(i))) {
        lines.add(new Value.Text(text.substring(from, i)));
        if (s.charAt(i) == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    if (from < s.length()) {
      lines.add(new Value.Text(text.substring(from, s.length())));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1C && c <= 0x1E
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static TracedText join(List<TracedText> parts, TracedText separator) {
    var joined = new TracedText.Builder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        joined.append(separator);
      }
      joined.append(parts.get(i));
    }
    return joined.build();
  }

  static TracedText upper(TracedText text) {
    return text.derive(text.toString().toUpperCase(Locale.ROOT));
  }

  static TracedText lower(TracedText text) {
    return text.derive(text.toString().toLowerCase(Locale.ROOT));
  }

  static TracedText capitalize(TracedText text) {
    return text.derive(capitalize(text.toString()));
  }

  static String capitalize(String s) {
    if (s.isEmpty()) {
      return s;
    }
    int second = s.offsetByCodePoints(0, 1);
    return titleCase(s.codePointAt(0)) + s.substring(second).toLowerCase(Locale.ROOT);
  }

  /// `str.title()`: capital after everything that has no case.
  static TracedText title(TracedText text) {
    var out = new StringBuilder();
    boolean inside = false;
    for (int c : text.toString().codePoints().toArray()) {
      out.append(inside ? Character.toString(c).toLowerCase(Locale.ROOT) : titleCase(c));
      inside = isCased(c);
    }
    return text.derive(out.toString());
  }

  /// A few characters become several, of which the first letter is a capital: `ß` becomes `Ss`.
  private static String titleCase(int c) {
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    if (Character.toTitleCase(c) != c || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(Character.toTitleCase(c));
    }
    int capital = 0;
    while (capital < upper.length() - 1 && !Character.isUpperCase(upper.charAt(capital))) {
      capital++;
    }
    return upper.substring(0, capital + 1) + upper.substring(capital + 1).toLowerCase(Locale.ROOT);
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }
}
