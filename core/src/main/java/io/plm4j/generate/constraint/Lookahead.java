package io.plm4j.generate.constraint;

import io.plm4j.text.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The positions that bytes lead to, worked out once for each set of positions and byte and looked
/// up from then on: what makes it cheap to try every token of a vocabulary. Grows as it is used.
final class Lookahead {
  static final int NOWHERE = -1;
  private static final int UNKNOWN = -2;

  /// Tried in this order, so that what is made up to fill a form looks harmless.
  private static final int[] BYTES = bytesByTaste();

  private final TokenTrie trie;
  private final Map<Set<Position>, Integer> numbers = new HashMap<>();
  private final List<Set<Position>> sets = new ArrayList<>();
  private final List<int[]> next = new ArrayList<>();

  /// The shortest way on: its bytes, and, worked out on demand, its next byte, the fewest tokens
  /// that spell it, the first of those tokens.
  private int[] bytesToEnd = new int[64];

  private int[] bestByte = new int[64];

  private int[] fewestTokens = new int[64];
  private int[] firstToken = new int[64];

  Lookahead(TokenTrie trie) {
    this.trie = trie;
  }

  private static int[] bytesByTaste() {
    var bytes = new LinkedHashSet<Integer>();
    "\"}],:0aA ".chars().forEach(bytes::add);
    "bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789".chars().forEach(bytes::add);
    for (int b = 0; b < 256; b++) {
      bytes.add(b);
    }
    return bytes.stream().mapToInt(Integer::intValue).toArray();
  }

  int size() {
    return sets.size();
  }

  /// The number of a set of positions, seen from afar: see [State#forget].
  int numberOf(Set<Position> positions) {
    var less = new LinkedHashSet<Position>();
    positions.forEach(position -> less.add(position.forget()));
    var known = numbers.get(less);
    if (known != null) {
      return known;
    }
    int number = sets.size();
    numbers.put(less, number);
    sets.add(less);
    var row = new int[256];
    Arrays.fill(row, UNKNOWN);
    next.add(row);
    if (number == bestByte.length) {
      bytesToEnd = Arrays.copyOf(bytesToEnd, number * 2);
      bestByte = Arrays.copyOf(bestByte, number * 2);
      fewestTokens = Arrays.copyOf(fewestTokens, number * 2);
      firstToken = Arrays.copyOf(firstToken, number * 2);
    }
    bytesToEnd[number] = less.stream().mapToInt(Position::toEnd).min().orElse(Position.ENDLESS);
    bestByte[number] = UNKNOWN;
    fewestTokens[number] = UNKNOWN;
    return number;
  }

  static Set<Position> read(Set<Position> from, int b) {
    var to = new LinkedHashSet<Position>();
    from.forEach(position -> position.read(b, to::add));
    return to;
  }

  /// Where a byte leads, or [#NOWHERE].
  int next(int from, int b) {
    int known = next.get(from)[b];
    return known != UNKNOWN ? known : learn(from, b);
  }

  private int learn(int from, int b) {
    var to = read(sets.get(from), b);
    int number = to.isEmpty() ? NOWHERE : numberOf(to);
    next.get(from)[b] = number;
    return number;
  }

  boolean canEnd(int number) {
    return sets.get(number).contains(Position.END);
  }

  /// Whether there is nothing but the end.
  boolean mustEnd(int number) {
    return canEnd(number) && sets.get(number).size() == 1;
  }

  /// The fewest bytes to the end.
  int bytesToEnd(int number) {
    return bytesToEnd[number];
  }

  /// The tokens that spell a shortest way to the end, as few as possible.
  int tokensToEnd(int number) {
    if (fewestTokens[number] == UNKNOWN) {
      spell(number);
    }
    return fewestTokens[number];
  }

  /// The first of the tokens that spell a shortest way to the end.
  int tokenToEnd(int number) {
    tokensToEnd(number);
    return firstToken[number];
  }

  /// Goes along the shortest way to where the rest is known, and back while counting tokens.
  private void spell(int start) {
    var way = new ArrayList<Integer>(List.of(start));
    while (fewestTokens[way.getLast()] == UNKNOWN && !canEnd(way.getLast())) {
      int last = way.getLast();
      int to = next(last, bestByte(last));
      if (way.size() > Position.ENDLESS / 1000) {
        throw new IllegalStateException("no way to the end from " + sets.get(start));
      }
      way.add(to);
    }
    for (int i = way.size() - 1; i >= 0; i--) {
      int number = way.get(i);
      if (fewestTokens[number] != UNKNOWN) {
        continue;
      }
      if (canEnd(number)) {
        fewestTokens[number] = 0;
        firstToken[number] = NOWHERE;
      } else {
        cheapest(number);
      }
    }
  }

  /// Of the tokens along the shortest way, the one after which the fewest are needed.
  private void cheapest(int number) {
    int best = Position.ENDLESS;
    int token = NOWHERE;
    int at = number;
    int node = -1;
    while (!canEnd(at)) {
      int b = bestByte(at);
      node = child(node, b);
      if (node < 0) {
        break;
      }
      at = next(at, b);
      if (trie.token(node) >= 0 && tokensToEnd(at) + 1 < best) {
        best = tokensToEnd(at) + 1;
        token = trie.token(node);
      }
    }
    fewestTokens[number] = best;
    firstToken[number] = token;
  }

  private int child(int node, int b) {
    int end = node < 0 ? trie.nodes() : trie.end(node);
    for (int i = node + 1; i < end; i = trie.end(i)) {
      if (trie.label(i) == b) {
        return i;
      }
    }
    return -1;
  }

  private int bestByte(int number) {
    if (bestByte[number] == UNKNOWN) {
      int wanted = bytesToEnd(number) - 1;
      int least = Integer.MAX_VALUE;
      for (int i = 0; i < BYTES.length && least > wanted; i++) {
        int to = next(number, BYTES[i]);
        if (to >= 0 && bytesToEnd(to) < least) {
          least = bytesToEnd(to);
          bestByte[number] = BYTES[i];
        }
      }
      if (least == Integer.MAX_VALUE) {
        throw new IllegalStateException("no way on from " + sets.get(number));
      }
    }
    return bestByte[number];
  }
}
