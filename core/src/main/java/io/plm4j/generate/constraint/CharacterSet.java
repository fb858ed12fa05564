package io.plm4j.generate.constraint;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.regex.Pattern;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;

/// A set of characters, as the classes of regular expressions are.
final class CharacterSet {
  private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";

  private final BitSet members = new BitSet();

  static CharacterSet all() {
    var set = new CharacterSet();
    set.add(CodePoints.MIN, CodePoints.MAX);
    set.members.clear(0xD800, 0xE000);
    return set;
  }

  /// What a dot stands for.
  static CharacterSet dot() {
    var set = all();
    LINE_ENDS.chars().forEach(set.members::clear);
    return set;
  }

  /// What `d`, `w` or `s` stands for after a backslash. ECMAScript and Java disagree on white
  /// space: only what both take for it counts, unless the set is going to be turned around; then
  /// everything that either takes for it.
  static CharacterSet named(char name, boolean wide) {
    var set = new CharacterSet();
    switch (name) {
      case 'd' -> set.add('0', '9');
      case 'w' -> {
        set.add('0', '9');
        set.add('A', 'Z');
        set.add('a', 'z');
        set.add('_', '_');
      }
      default -> {
        set.add('\t', '\r');
        set.add(' ', ' ');
        if (wide) {
          for (int c = 0; c <= 0xFFFF; c++) {
            if (Character.isSpaceChar(c)) {
              set.add(c, c);
            }
          }
          set.add(0x85, 0x85);
          set.add(0xFEFF, 0xFEFF);
        }
      }
    }
    return set;
  }

  /// The characters with a property of Unicode.
  ///
  /// @param expression a class as Java's regular expressions write it, such as `\p{L}`
  /// @throws java.util.regex.PatternSyntaxException if Java does not know it
  static CharacterSet property(String expression) {
    // Runs in a text of all characters, which is far quicker than to ask for each by itself.
    var matcher = Pattern.compile("(?:" + expression + ")+").matcher(allCharacters());
    var set = new CharacterSet();
    while (matcher.find()) {
      matcher.group().codePoints().forEach(set.members::set);
    }
    return set;
  }

  private static String allCharacters() {
    var text = new StringBuilder();
    all().members.stream().forEach(text::appendCodePoint);
    return text.toString();
  }

  void add(int first, int last) {
    members.set(first, last + 1);
  }

  void add(CharacterSet others) {
    members.or(others.members);
  }

  CharacterSet complement() {
    var set = all();
    set.members.andNot(members);
    return set;
  }

  Automaton automaton() {
    var starts = new ArrayList<Integer>();
    var ends = new ArrayList<Integer>();
    var valid = all().members;
    valid.and(members);
    for (int c = valid.nextSetBit(0); c >= 0; ) {
      int end = valid.nextClearBit(c);
      starts.add(c);
      ends.add(end - 1);
      c = valid.nextSetBit(end);
    }
    return starts.isEmpty()
        ? Automata.makeEmpty()
        : Automata.makeCharClass(
            starts.stream().mapToInt(Integer::intValue).toArray(),
            ends.stream().mapToInt(Integer::intValue).toArray());
  }
}
