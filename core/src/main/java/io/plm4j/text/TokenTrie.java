package io.plm4j.text;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The tokens that stand for text, as a tree of their bytes: added tokens such as `<|eot_id|>` are
/// not in it.
///
/// The nodes are numbered as a walk meets them that goes down before it goes on, so that who walks
/// the tree reads arrays from front to back, and skips a subtree by going to its end. The root has
/// no number; its children have depth 1.
public final class TokenTrie {
  private static final int NONE = -1;

  private final IntFunction<byte[]> bytes;
  private final int[] ids;
  private byte[] labels = new byte[1 << 10];
  private short[] depths = new short[1 << 10];
  private int[] ends = new int[1 << 10];
  private int[] tokens = new int[1 << 10];
  private int nodes;
  private int maxDepth;

  /// @param ids of tokens that stand for text
  /// @param bytes what each of them stands for
  TokenTrie(IntStream ids, IntFunction<byte[]> bytes) {
    this.bytes = bytes;
    record Entry(int id, byte[] bytes) {}
    var sorted =
        ids.mapToObj(id -> new Entry(id, bytes.apply(id)))
            .filter(entry -> entry.bytes.length > 0 && entry.bytes.length < Short.MAX_VALUE)
            .sorted((a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes))
            .toList();
    this.ids = sorted.stream().mapToInt(Entry::id).toArray();
    var open = new int[Short.MAX_VALUE];
    byte[] before = {};
    for (var entry : sorted) {
      byte[] token = entry.bytes;
      int shared = Math.max(0, Arrays.mismatch(before, token));
      close(open, shared, before.length);
      for (int depth = shared; depth < token.length; depth++) {
        open[depth] = add(token[depth], depth + 1);
      }
      tokens[nodes - 1] = entry.id;
      before = token;
    }
    close(open, 0, before.length);
    labels = Arrays.copyOf(labels, nodes);
    depths = Arrays.copyOf(depths, nodes);
    ends = Arrays.copyOf(ends, nodes);
    tokens = Arrays.copyOf(tokens, nodes);
  }

  private int add(byte label, int depth) {
    if (nodes == labels.length) {
      labels = Arrays.copyOf(labels, nodes * 2);
      depths = Arrays.copyOf(depths, nodes * 2);
      ends = Arrays.copyOf(ends, nodes * 2);
      tokens = Arrays.copyOf(tokens, nodes * 2);
    }
    labels[nodes] = label;
    depths[nodes] = (short) depth;
    tokens[nodes] = NONE;
    maxDepth = Math.max(maxDepth, depth);
    return nodes++;
  }

  private void close(int[] open, int from, int to) {
    for (int depth = from; depth < to; depth++) {
      ends[open[depth]] = nodes;
    }
  }

  /// The number of nodes.
  public int nodes() {
    return nodes;
  }

  /// The number of bytes of the longest token.
  public int maxDepth() {
    return maxDepth;
  }

  /// The byte by which a node is reached, 0 to 255.
  public int label(int node) {
    return labels[node] & 0xFF;
  }

  /// The number of bytes from the root to a node.
  public int depth(int node) {
    return depths[node];
  }

  /// The first node after a node's subtree.
  public int end(int node) {
    return ends[node];
  }

  /// The token whose bytes lead to a node, or -1.
  public int token(int node) {
    return tokens[node];
  }

  /// What a token of the tree stands for.
  public byte[] bytes(int id) {
    return bytes.apply(id);
  }

  /// The ids of all tokens in the tree.
  public int[] ids() {
    return ids.clone();
  }
}
