package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import io.plm4j.text.TokenTrie;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Follows one answer token by token and says which tokens can come next.
///
/// A token can come if its bytes keep the form, and if the answer can still be brought to its end
/// with the tokens that are left after it. So as they run out, the answer is led to a short end
/// instead of being cut. Tokens may begin and end in the middle of a character.
///
/// Not safe for use by several threads.
public final class Matcher {
  /// What looking ahead has learnt is dropped when it takes some tens of megabytes.
  private static final int MAX_LEARNT = 20_000;

  private static final int MAX_MASKS = 500;

  private final TokenTrie trie;
  private final BitSet tokens = new BitSet();
  private final BitSet endIds = new BitSet();
  private final int[] path;
  private Lookahead lookahead;
  private final Map<Integer, Mask> masks = new HashMap<>();

  /// The exact positions, and their number in the lookahead.
  private Set<Position> positions;

  private int number;
  private int left;
  private boolean ended;

  /// The tokens that keep the form at some place.
  ///
  /// @param bytesToEnd the most bytes that may be needed after one of them
  private record Mask(BitSet tokens, int bytesToEnd) {}

  /// @param start where the answer begins
  /// @param maxNewTokens how many tokens the answer may have
  Matcher(
      String form, Set<Position> start, TokenTrie trie, List<Integer> endIds, int maxNewTokens) {
    this.trie = trie;
    for (int id : trie.ids()) {
      tokens.set(id);
    }
    endIds.forEach(this.endIds::set);
    requireEveryByte(trie);
    path = new int[trie.maxDepth() + 1];
    lookahead = new Lookahead(trie);
    positions = start;
    number = lookahead.numberOf(start);
    left = maxNewTokens;
    int needed = lookahead.tokensToEnd(number);
    if (needed > left) {
      throw new InputException(
          "the shortest answer that keeps the %s has %d tokens, but only %d are allowed; allow more new tokens"
              .formatted(form, needed, left));
    }
  }

  /// With a token for each byte there is always a way on.
  private static void requireEveryByte(TokenTrie trie) {
    int bytes = 0;
    for (int node = 0; node < trie.nodes(); node = trie.end(node)) {
      bytes += trie.token(node) >= 0 ? 1 : 0;
    }
    if (bytes < 256) {
      throw new InputException(
          "this model's tokenizer has tokens for %d of the 256 bytes; answers can be held to a form only with all of them"
              .formatted(bytes));
    }
  }

  /// Sets the scores of all tokens that cannot come next to negative infinity.
  ///
  /// @param scores one of each token, by id
  public void mask(float[] scores) {
    var allowed = allowed();
    for (int id = 0; id < scores.length; id++) {
      if (!allowed.get(id)) {
        scores[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /// The tokens that can come next, those that end an answer included.
  public BitSet allowed() {
    var allowed = new BitSet();
    if (lookahead.canEnd(number)) {
      allowed.or(endIds);
    }
    if (ended || left == 0) {
      return allowed;
    }
    var mask = masks.get(number);
    if (mask == null) {
      mask = walk(Position.ENDLESS);
      masks.put(number, mask);
    }
    allowed.or(mask.bytesToEnd <= left - 1 ? mask.tokens : walk(left - 1).tokens);
    int wayOut = lookahead.tokenToEnd(number);
    if (wayOut >= 0) {
      allowed.set(wayOut);
    }
    return allowed;
  }

  /// Tries all tokens at once, going down their tree while the form is kept.
  ///
  /// @param budget how many tokens may follow
  private Mask walk(int budget) {
    var allowed = new BitSet(tokens.length());
    int longest = 0;
    path[0] = number;
    for (int node = 0; node < trie.nodes(); ) {
      int depth = trie.depth(node);
      int to = lookahead.next(path[depth - 1], trie.label(node));
      if (to < 0) {
        node = trie.end(node);
        continue;
      }
      path[depth] = to;
      int token = trie.token(node);
      if (token >= 0) {
        int bytes = lookahead.bytesToEnd(to);
        if (bytes <= budget || lookahead.tokensToEnd(to) <= budget) {
          allowed.set(token);
          longest = Math.max(longest, bytes);
        }
      }
      node++;
    }
    return new Mask(allowed, longest);
  }

  /// Goes on with a token that was chosen.
  ///
  /// @throws IllegalArgumentException if it cannot come here
  public void accept(int token) {
    if (endIds.get(token)) {
      if (!lookahead.canEnd(number)) {
        throw new IllegalArgumentException("the answer cannot end here");
      }
      ended = true;
      return;
    }
    var to = left > 0 && tokens.get(token) ? positions : Set.<Position>of();
    if (!to.isEmpty()) {
      for (byte b : trie.bytes(token)) {
        to = Lookahead.read(to, b & 0xFF);
      }
    }
    if (to.isEmpty()) {
      throw new IllegalArgumentException("token %d cannot come here".formatted(token));
    }
    positions = to;
    left--;
    if (lookahead.size() > MAX_LEARNT || masks.size() > MAX_MASKS) {
      lookahead = new Lookahead(trie);
      masks.clear();
    }
    number = lookahead.numberOf(positions);
  }

  /// Whether nothing but the end can follow.
  public boolean complete() {
    return ended || lookahead.mustEnd(number);
  }
}
