package io.plm4j.language;

import io.plm4j.tensor.AttentionMask;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A sequence whose beginning is shared by several ends: each end sees the beginning and itself,
/// none sees another, and the positions of each go on from the beginning's. So a picture is read
/// once for many questions, each of which is answered as if it were the only one.
///
/// Source: the message trees of Deitke et al. 2024, Molmo and PixMo.
///
/// @param trunk how many positions all share; where there are no branches, all there are
/// @param branches the lengths of the ends, which follow one another; empty for a plain sequence
public record SequenceTree(int trunk, List<Integer> branches) {
  public SequenceTree {
    branches = List.copyOf(branches);
    if (trunk < 1 || branches.stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException(
          "a trunk of %d positions with branches of %s".formatted(trunk, branches));
    }
  }

  /// A sequence each of whose positions sees all before it.
  public static SequenceTree plain(int length) {
    return new SequenceTree(length, List.of());
  }

  /// How many positions it takes in a row.
  public int length() {
    return trunk + branches.stream().mapToInt(Integer::intValue).sum();
  }

  boolean isPlain() {
    return branches.isEmpty();
  }

  /// What the rotary embedding counts of each position.
  IntStream positions() {
    return IntStream.concat(
        IntStream.range(0, trunk),
        branches.stream().flatMapToInt(length -> IntStream.range(trunk, trunk + length)));
  }

  /// What each position sees, with more positions filled up at the end.
  ///
  /// @param filled positions, those of this and more, each of which sees the trunk and itself
  AttentionMask.Tree mask(int filled) {
    int[] firsts = new int[filled];
    Arrays.fill(firsts, 0, trunk, trunk);
    int start = trunk;
    for (int length : branches) {
      Arrays.fill(firsts, start, start + length, start);
      start += length;
    }
    for (int i = start; i < filled; i++) {
      firsts[i] = i;
    }
    return new AttentionMask.Tree(trunk, firsts);
  }
}
