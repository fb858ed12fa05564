package io.plm4j.generate.constraint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;
import org.apache.lucene.util.automaton.UTF32ToUTF8;

/// How texts are spelled between the quotes of JSON, as automata over UTF-8 bytes.
final class JsonText {
  /// One character inside a string: itself, or with a backslash. Of escapes by number those that
  /// need a partner are left out; such characters stand for themselves.
  static final ByteDfa CHARACTER = new ByteDfa(bytes(character()));

  private JsonText() {}

  private static Automaton character() {
    var automaton = new Automaton();
    int start = automaton.createState();
    int end = automaton.createState();
    automaton.setAccept(end, true);
    plain(automaton, start, end, CodePoints.MIN, CodePoints.MAX);
    int backslash = automaton.createState();
    automaton.addTransition(start, backslash, '\\');
    for (char c : "\"\\/bfnrt".toCharArray()) {
      automaton.addTransition(backslash, end, c);
    }
    int u = automaton.createState();
    automaton.addTransition(backslash, u, 'u');
    // Four digits that are not D800 to DFFF.
    int afterD = automaton.createState();
    int afterOne = automaton.createState();
    for (char c : "0123456789abcefABCEF".toCharArray()) {
      automaton.addTransition(u, afterOne, c);
    }
    automaton.addTransition(u, afterD, 'd');
    automaton.addTransition(u, afterD, 'D');
    int afterTwo = automaton.createState();
    automaton.addTransition(afterD, afterTwo, '0', '7');
    digit(automaton, afterOne, afterTwo);
    int afterThree = automaton.createState();
    digit(automaton, afterTwo, afterThree);
    digit(automaton, afterThree, end);
    automaton.finishState();
    return automaton;
  }

  private static void digit(Automaton automaton, int from, int to) {
    automaton.addTransition(from, to, '0', '9');
    automaton.addTransition(from, to, 'a', 'f');
    automaton.addTransition(from, to, 'A', 'F');
  }

  /// The characters of a range that stand for themselves.
  private static void plain(Automaton automaton, int from, int to, int min, int max) {
    range(automaton, from, to, Math.max(min, 0x20), Math.min(max, '"' - 1));
    range(automaton, from, to, Math.max(min, '"' + 1), Math.min(max, '\\' - 1));
    range(automaton, from, to, Math.max(min, '\\' + 1), Math.min(max, 0xD7FF));
    range(automaton, from, to, Math.max(min, 0xE000), Math.min(max, CodePoints.MAX));
  }

  private static void range(Automaton automaton, int from, int to, int min, int max) {
    if (min <= max) {
      automaton.addTransition(from, to, min, max);
    }
  }

  /// The strings, quotes included, whose content is in a language of code points.
  ///
  /// @param content deterministic
  static ByteDfa quoted(Automaton content) {
    var builder = new Automaton.Builder();
    builder.copyStates(content);
    var transition = new Transition();
    for (int state = 0; state < content.getNumStates(); state++) {
      int count = content.initTransition(state, transition);
      for (int i = 0; i < count; i++) {
        content.getNextTransition(transition);
        spell(builder, state, transition);
      }
    }
    var quote = Automata.makeChar('"');
    return new ByteDfa(bytes(Operations.concatenate(List.of(quote, builder.finish(), quote))));
  }

  private static void spell(Automaton.Builder builder, int from, Transition transition) {
    int min = transition.min;
    int max = transition.max;
    int to = transition.dest;
    var plain = new Automaton();
    plain.createState();
    plain.createState();
    plain(plain, 0, 1, min, max);
    plain.finishState();
    var piece = new Transition();
    int pieces = plain.initTransition(0, piece);
    for (int i = 0; i < pieces; i++) {
      plain.getNextTransition(piece);
      builder.addTransition(from, to, piece.min, piece.max);
    }
    for (int c = min; c <= Math.min(max, '\\'); c++) {
      if (c < 0x20 || c == '"' || c == '\\') {
        literal(builder, from, to, escape(c));
      }
    }
  }

  private static void literal(Automaton.Builder builder, int from, int to, String text) {
    int at = from;
    for (int i = 0; i < text.length(); i++) {
      int next = i == text.length() - 1 ? to : builder.createState();
      builder.addTransition(at, next, text.charAt(i));
      at = next;
    }
  }

  /// The usual spelling of a character that cannot stand for itself.
  private static String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted(c);
    };
  }

  /// A string with quotes, as a JSON writer spells it.
  static String quote(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          if (c < 0x20 || c == '"' || c == '\\') {
            quoted.append(escape(c));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    return quoted.append('"').toString();
  }

  /// A language of code points as one of UTF-8 bytes.
  static Automaton bytes(Automaton codePoints) {
    return CodePoints.determinize(new UTF32ToUTF8().convert(codePoints));
  }

  /// A text that UTF-8 can spell.
  ///
  /// @throws InputException if it has half of a pair of surrogates
  static String wellFormed(String text) {
    if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF || c > CodePoints.MAX)) {
      throw new InputException(
          "the text \"%s\" holds half of a character (a lone surrogate)"
              .formatted(Excerpt.of(text)));
    }
    return text;
  }

  /// Bytes as characters, one each: text that can be compared with what is read byte by byte.
  static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
