package io.plm4j.text;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Finds added tokens in a text: at each place the longest one, from left to right.
final class AddedTokens {
  private final Map<String, AddedToken> byContent = new HashMap<>();
  private final Map<Integer, AddedToken> byId = new HashMap<>();

  /// First the tokens that are looked for in the raw text, then those that are looked for in what
  /// remains (`normalized` in tokenizer.json).
  private final Node raw = new Node();

  private final Node normalized = new Node();

  AddedTokens(List<AddedToken> tokens) {
    for (AddedToken token : tokens) {
      byContent.put(token.content(), token);
      byId.put(token.id(), token);
      Node node = token.normalized() ? normalized : raw;
      for (int i = 0; i < token.content().length(); i++) {
        node = node.next.computeIfAbsent(token.content().charAt(i), c -> new Node());
      }
      node.token = token;
    }
  }

  @Nullable AddedToken find(String content) {
    return byContent.get(content);
  }

  @Nullable AddedToken find(int id) {
    return byId.get(id);
  }

  /// All of them, by their ids.
  List<AddedToken> tokens() {
    return byId.values().stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
  }

  /// One more than the highest id.
  int size() {
    return byId.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /// Receives the parts of a text from left to right.
  interface Parts {
    void text(int start, int end);

    /// @param start where it stands, with the space that it eats
    /// @param end one past that
    void token(AddedToken token, int start, int end);
  }

  /// Gives the parts of `text` to `parts`.
  ///
  /// @param trusted which characters may be part of a special token's spelling
  void split(String text, IntPredicate trusted, Parts parts) {
    split(
        raw,
        text,
        0,
        text.length(),
        trusted,
        new Parts() {
          @Override
          public void text(int start, int end) {
            split(normalized, text, start, end, trusted, parts);
          }

          @Override
          public void token(AddedToken token, int start, int end) {
            parts.token(token, start, end);
          }
        });
  }

  private static void split(
      Node trie, String text, int start, int end, IntPredicate trusted, Parts parts) {
    int done = start;
    int at = start;
    while (at < end && !trie.next.isEmpty()) {
      AddedToken token = longest(trie, text, at, end, trusted);
      if (token == null) {
        at++;
        continue;
      }
      int from = at;
      int to = at + token.content().length();
      at = to;
      if (token.singleWord() && !standsAlone(text, from, to, start, end)) {
        continue;
      }
      while (token.eatsLeft() && from > done && UnicodeClasses.isSpace(text.charAt(from - 1))) {
        from--;
      }
      while (token.eatsRight() && to < end && UnicodeClasses.isSpace(text.charAt(to))) {
        to++;
      }
      if (from > done) {
        parts.text(done, from);
      }
      parts.token(token, from, to);
      done = to;
      at = to;
    }
    if (done < end) {
      parts.text(done, end);
    }
  }

  private static @Nullable AddedToken longest(
      Node trie, String text, int start, int end, IntPredicate trusted) {
    AddedToken best = null;
    boolean allTrusted = true;
    Node node = trie;
    for (int i = start; i < end; i++) {
      node = node.next.get(text.charAt(i));
      if (node == null) {
        break;
      }
      allTrusted &= trusted.test(i);
      if (node.token != null && (allTrusted || !node.token.special())) {
        best = node.token;
      }
    }
    return best;
  }

  private static boolean standsAlone(String text, int from, int to, int start, int end) {
    return (from == start || !isWordCharacter(text.codePointBefore(from)))
        && (to == end || !isWordCharacter(text.codePointAt(to)));
  }

  /// `\w` of Unicode's regular expression guidelines.
  private static boolean isWordCharacter(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      default -> Character.isAlphabetic(c) || c == 0x200C || c == 0x200D;
    };
  }

  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>(4);
    private @Nullable AddedToken token;
  }
}
