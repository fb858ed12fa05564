package io.plm4j.language;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sequences that lie end to end in one row, laid beside one another for attention, so that many
/// short ones cost a few operations instead of a few each.
///
/// The shorter ones are filled up at their end with copies of the first position: under a mask that
/// looks back only nothing looks at them, and what they see themselves is left out.
///
/// Shapes: N sequences, L positions in all, M positions of the longest, H heads, D head dimension.
final class SideBySide {
  /// What attention of a sequence by itself costs beside its products, in products of a query with
  /// a key: sequences of up to some hundred positions are taken together even where they differ.
  private static final double APART = 1 << 14;

  /// Filling up may cost a tenth of the products.
  private static final double FILLED = 1.1;

  private final int sequences; // N
  private final int longest; // M
  private final long[] beside; // [N · M]: the position in the row that lies there
  private final long[] inRow; // [L]: where a position of the row lies
  private final AttentionMask mask;

  SideBySide(List<SequenceTree> trees) {
    int[] lengths = trees.stream().mapToInt(SequenceTree::length).toArray();
    sequences = lengths.length;
    longest = Arrays.stream(lengths).max().orElseThrow();
    beside = new long[sequences * longest];
    inRow = new long[Arrays.stream(lengths).sum()];
    int position = 0;
    for (int i = 0; i < sequences; i++) {
      for (int j = 0; j < lengths[i]; j++) {
        beside[i * longest + j] = position;
        inRow[position++] = (long) i * longest + j;
      }
    }
    mask =
        trees.stream().allMatch(SequenceTree::isPlain)
            ? AttentionMask.causal(0)
            : new AttentionMask.Trees(trees.stream().map(tree -> tree.mask(longest)).toList());
  }

  /// Divides a row into neighbours of about the same length.
  static List<SideBySide> of(List<SequenceTree> row) {
    int[] lengths = row.stream().mapToInt(SequenceTree::length).toArray();
    var groups = new ArrayList<SideBySide>();
    int first = 0;
    double alone = 0;
    long longest = 0;
    for (int i = 0; i < lengths.length; i++) {
      double more = (double) lengths[i] * lengths[i];
      long longer = Math.max(longest, lengths[i]);
      double together = (double) (i + 1 - first) * longer * longer;
      if (i > first && together > FILLED * (alone + more) + (i + 1 - first) * APART) {
        groups.add(new SideBySide(row.subList(first, i)));
        first = i;
        alone = 0;
        longer = lengths[i];
      }
      alone += more;
      longest = longer;
    }
    groups.add(new SideBySide(row.subList(first, lengths.length)));
    return groups;
  }

  /// What each position sees.
  AttentionMask mask() {
    return mask;
  }

  /// N.
  int sequences() {
    return sequences;
  }

  /// L.
  int positions() {
    return inRow.length;
  }

  /// [1, H, L, D] → [N, H, M, D].
  Tensor lay(Tensor x) {
    if (sequences == 1) {
      return x;
    }
    long heads = x.size(1);
    return x.transpose(1, 2) // [1, L, H, D]
        .reshape(x.size(2), -1)
        .rows(Tensor.of(beside, sequences, longest)) // [N, M, H·D]
        .reshape(sequences, longest, heads, -1)
        .transpose(1, 2);
  }

  /// [N, H, M, D] → [1, H, L, D].
  Tensor join(Tensor x) {
    if (sequences == 1) {
      return x;
    }
    long heads = x.size(1);
    return x.transpose(1, 2) // [N, M, H, D]
        .reshape(beside.length, -1)
        .rows(Tensor.of(inRow, positions())) // [L, H·D]
        .reshape(1, positions(), heads, -1)
        .transpose(1, 2);
  }
}
