package io.plm4j.language;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Trees that lie end to end in one row, as attention takes them: the trunks of neighbours beside
/// one another, and the branches of each tree beside one another behind its trunk.
///
/// Shapes: L positions in all, T of a trunk, N sequences beside one another, M positions of the
/// longest of them, H heads, D head dimension.
final class TreesInRow {
  private final List<SideBySide> trunks;
  private final List<List<SideBySide>> branches; // of each tree
  private final long[] trunkLengths;
  private final long[] pieces; // of each tree its trunk and all its branches

  private TreesInRow(List<SequenceTree> row) {
    trunks = SideBySide.of(0, row.stream().mapToInt(SequenceTree::trunk).toArray());
    branches = row.stream().map(TreesInRow::branches).toList();
    trunkLengths = row.stream().mapToLong(SequenceTree::trunk).toArray();
    pieces =
        row.stream()
            .flatMapToLong(tree -> LongStream.of(tree.trunk(), tree.inBranches()))
            .toArray();
  }

  static TreesInRow of(List<SequenceTree> row) {
    return new TreesInRow(row);
  }

  private static List<SideBySide> branches(SequenceTree tree) {
    return SideBySide.of(
        tree.trunk(), tree.branches().stream().mapToInt(Integer::intValue).toArray());
  }

  /// Attention of some sequences, each of which sees only itself.
  @FunctionalInterface
  interface Attention {
    /// Shapes: q and the result [N, H, M, D], k and v [N, KH, S, D].
    Tensor of(Tensor q, Tensor k, Tensor v, AttentionMask mask);
  }

  /// Shapes: q and the result [1, H, L, D], k and v [1, KH, L, D].
  Tensor attend(Tensor q, Tensor k, Tensor v, Attention attention) {
    if (branches.stream().allMatch(List::isEmpty)) {
      return neighbours(q, k, v, trunks, new None(), attention);
    }
    var queries = q.split(2, pieces);
    var keys = k.split(2, pieces);
    var values = v.split(2, pieces);
    var ofTrunks =
        neighbours(trunks(queries), trunks(keys), trunks(values), trunks, new None(), attention)
            .split(2, trunkLengths);
    var parts = new ArrayList<Tensor>();
    for (int i = 0; i < branches.size(); i++) {
      parts.add(ofTrunks.get(i));
      if (!branches.get(i).isEmpty()) {
        int own = 2 * i + 1;
        var trunk = new Seen(keys.get(2 * i), values.get(2 * i));
        parts.add(
            neighbours(
                queries.get(own),
                keys.get(own),
                values.get(own),
                branches.get(i),
                trunk,
                attention));
      }
    }
    return Tensor.cat(parts, 2);
  }

  private static Tensor trunks(List<Tensor> pieces) {
    var trunks = new ArrayList<Tensor>();
    for (int i = 0; i < pieces.size(); i += 2) {
      trunks.add(pieces.get(i));
    }
    return Tensor.cat(trunks, 2);
  }

  /// What lies before a sequence and is seen by all of it.
  private sealed interface Before {
    int length();
  }

  private record None() implements Before {
    @Override
    public int length() {
      return 0;
    }
  }

  /// Shapes: [1, KH, T, D].
  private record Seen(Tensor keys, Tensor values) implements Before {
    @Override
    public int length() {
      return (int) keys.size(2);
    }
  }

  /// Neighbours that lie end to end, group by group.
  private static Tensor neighbours(
      Tensor q, Tensor k, Tensor v, List<SideBySide> groups, Before before, Attention attention) {
    var mask = AttentionMask.causal(before.length());
    var parts = new ArrayList<Tensor>();
    long from = 0;
    for (var group : groups) {
      int length = group.positions();
      var keys = group.lay(k.narrow(2, from, length));
      var values = group.lay(v.narrow(2, from, length));
      if (before instanceof Seen(var seenKeys, var seenValues)) {
        keys = behind(seenKeys, keys);
        values = behind(seenValues, values);
      }
      parts.add(group.join(attention.of(group.lay(q.narrow(2, from, length)), keys, values, mask)));
      from += length;
    }
    return parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, 2);
  }

  /// [1, KH, T, D] and [N, KH, M, D] → [N, KH, T + M, D].
  private static Tensor behind(Tensor trunk, Tensor branches) {
    return Tensor.cat(List.of(trunk.expand(branches.size(0), -1, -1, -1), branches), 2);
  }
}
