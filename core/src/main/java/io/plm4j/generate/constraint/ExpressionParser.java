package io.plm4j.generate.constraint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/// Reads a regular expression, and refuses what is not regular, and what ECMAScript and Java
/// understand differently.
final class ExpressionParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPEAT = 10_000;

  private final String text;
  private int at;
  private int depth;

  ExpressionParser(String text) {
    this.text = text;
  }

  /// The expression's language, with [Expression#BEGIN] and [Expression#END] for its anchors.
  Automaton parse() {
    var all = alternatives();
    if (at < text.length()) {
      throw error("a ) without its (");
    }
    return all;
  }

  private Automaton alternatives() {
    var alternatives = new ArrayList<Automaton>();
    alternatives.add(sequence());
    while (take('|')) {
      alternatives.add(sequence());
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : Operations.union(alternatives);
  }

  private Automaton sequence() {
    var items = new ArrayList<Automaton>();
    while (at < text.length() && peek() != '|' && peek() != ')') {
      items.add(item());
    }
    return items.isEmpty() ? Automata.makeEmptyString() : Operations.concatenate(items);
  }

  private Automaton item() {
    int c = next();
    switch (c) {
      case '^', '$' -> {
        if (at < text.length() && "*+?{".indexOf(peek()) >= 0) {
          throw error("an anchor cannot be repeated");
        }
        return Automata.makeChar(c == '^' ? Expression.BEGIN : Expression.END);
      }
      case '(' -> {
        return repeated(group());
      }
      case '[' -> {
        return repeated(set().automaton());
      }
      case '.' -> {
        return repeated(CharacterSet.dot().automaton());
      }
      case '\\' -> {
        return repeated(escapedSet().automaton());
      }
      case '*', '+', '?', '{' -> {
        at--;
        throw error("nothing to repeat; write \\%c for the character".formatted(c));
      }
      default -> {
        return repeated(Automata.makeChar(c));
      }
    }
  }

  private Automaton group() {
    if (take('?')) {
      if (take('<') && at < text.length() && peek() != '=' && peek() != '!') {
        int end = text.indexOf('>', at);
        at = end < 0 ? text.length() : end + 1;
      } else if (!take(':')) {
        throw error("only groups ( ), (?: ) and (?<name> ) are known, no conditions or flags");
      }
    }
    if (++depth > MAX_DEPTH) {
      throw error("more than %d groups in each other".formatted(MAX_DEPTH));
    }
    var inside = alternatives();
    depth--;
    if (!take(')')) {
      throw error("a ( without its )");
    }
    return inside;
  }

  private Automaton repeated(Automaton one) {
    int before = at;
    var all =
        at == text.length()
            ? one
            : switch (peek()) {
              case '*' -> times(one, 0, -1, 1);
              case '+' -> times(one, 1, -1, 1);
              case '?' -> times(one, 0, 1, 1);
              case '{' -> braces(one);
              default -> one;
            };
    if (at > before) {
      // How greedily one repeats decides what a search finds first, not which texts there are.
      take('?');
      if (at < text.length() && "*+?{".indexOf(peek()) >= 0) {
        throw error("a repetition cannot be repeated; put ( ) around it");
      }
    }
    return all;
  }

  private Automaton braces(Automaton one) {
    int end = text.indexOf('}', at);
    var bounds = end < 0 ? "" : text.substring(at + 1, end);
    if (!bounds.matches("\\d{1,5}(,\\d{0,5})?")) {
      throw error("not a repetition such as {2} or {2,5}; write \\{ for the character");
    }
    var parts = bounds.split(",", -1);
    int min = Integer.parseInt(parts[0]);
    int max = parts.length == 1 ? min : parts[1].isEmpty() ? -1 : Integer.parseInt(parts[1]);
    if ((max >= 0 && max < min) || Math.max(min, max) > MAX_REPEAT) {
      throw error("the bounds must rise and be at most %d".formatted(MAX_REPEAT));
    }
    return times(one, min, max, end + 1 - at);
  }

  private Automaton times(Automaton one, int min, int max, int length) {
    CodePoints.requireSize((long) one.getNumStates() * Math.max(1, Math.max(min, max)));
    at += length;
    return max < 0 ? Operations.repeat(one, min) : Operations.repeat(one, min, max);
  }

  /// What stands after a backslash, outside of brackets.
  private CharacterSet escapedSet() {
    return escapedClass(false)
        .orElseGet(() -> {
          int c = escapedCharacter();
          var set = new CharacterSet();
          set.add(c, c);
          return set;
        });
  }

  /// After an opening bracket.
  private CharacterSet set() {
    boolean negated = take('^');
    var set = new CharacterSet();
    while (!take(']')) {
      if (at == text.length()) {
        throw error("a [ without its ]");
      }
      member(set, negated);
    }
    return negated ? set.complement() : set;
  }

  private void member(CharacterSet set, boolean negated) {
    int c = next();
    if (c == '[') {
      throw error("a [ inside of [ ] means different things to different readers; write \\[");
    }
    if (c == '&' && at < text.length() && peek() == '&') {
      throw error("&& inside of [ ] means different things to different readers");
    }
    if (c == '\\') {
      var escaped = escapedClass(negated);
      if (escaped.isPresent()) {
        set.add(escaped.get());
        return;
      }
      c = escapedCharacter();
    }
    if (at + 1 < text.length() && peek() == '-' && text.charAt(at + 1) != ']') {
      at++;
      int last = next();
      if (last == '\\') {
        last = escapedCharacter();
      }
      if (last < c) {
        throw error("the range falls instead of rising");
      }
      set.add(c, last);
    } else {
      set.add(c, c);
    }
  }

  /// A class such as `\d` or `\p{L}`, after its backslash, if one stands here.
  ///
  /// @param negated whether everything but the class is wanted
  private Optional<CharacterSet> escapedClass(boolean negated) {
    if (at == text.length()) {
      throw error("a \\ at the end");
    }
    char name = text.charAt(at);
    switch (name) {
      case 'd', 'w', 's' -> {
        at++;
        return Optional.of(CharacterSet.named(name, negated));
      }
      case 'D', 'W', 'S' -> {
        at++;
        return Optional.of(CharacterSet.named(Character.toLowerCase(name), !negated).complement());
      }
      case 'p', 'P' -> {
        return Optional.of(property());
      }
      default -> {
        return Optional.empty();
      }
    }
  }

  private CharacterSet property() {
    int end = text.indexOf('}', at);
    if (end < 0 || text.charAt(at + 1) != '{') {
      throw error("a property is written \\p{...}");
    }
    var name = text.substring(at, end + 1);
    at = end + 1;
    try {
      return CharacterSet.property("\\" + name);
    } catch (PatternSyntaxException e) {
      throw error("Java knows no property \\" + name);
    }
  }

  /// A single character, after its backslash.
  private int escapedCharacter() {
    if (at == text.length()) {
      throw error("a \\ at the end");
    }
    int c = next();
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'x' -> hex(2);
      case 'u' -> unicode();
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw error(
              "\\%c is not supported; references and word bounds are not regular".formatted(c));
        }
        yield c;
      }
    };
  }

  private int unicode() {
    if (take('{')) {
      int end = Math.max(at, text.indexOf('}', at));
      int c = hex(Math.min(6, end - at));
      if (!take('}')) {
        throw error("a character is written \\u{...} with at most 6 digits");
      }
      return valid(c);
    }
    int c = hex(4);
    if (Character.isHighSurrogate((char) c) && text.startsWith("\\u", at)) {
      at += 2;
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) c, (char) low);
      }
    }
    return valid(c);
  }

  private int valid(int c) {
    if (c > CodePoints.MAX || (c >= 0xD800 && c <= 0xDFFF)) {
      throw error("no character has this number");
    }
    return c;
  }

  private int hex(int digits) {
    int end = at + digits;
    if (digits == 0 || end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]+")) {
      throw error("%d hexadecimal digits must stand here".formatted(Math.max(1, digits)));
    }
    int c = Integer.parseInt(text.substring(at, end), 16);
    at = end;
    return c;
  }

  private int peek() {
    return text.codePointAt(at);
  }

  private int next() {
    int c = valid(text.codePointAt(at));
    at += Character.charCount(c);
    return c;
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private InputException error(String what) {
    return new InputException(
        "the regular expression %s: %s, at character %d"
            .formatted(Excerpt.of(List.of(text)), what, Math.min(at, text.length()) + 1));
  }
}
