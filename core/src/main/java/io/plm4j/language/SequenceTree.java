package io.plm4j.language;

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
    if (trunk < 0 || branches.stream().anyMatch(length -> length < 1)) {
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
    return trunk + inBranches();
  }

  /// How many of them are in branches.
  int inBranches() {
    return branches.stream().mapToInt(Integer::intValue).sum();
  }

  /// What the rotary embedding counts of each position.
  IntStream positions() {
    return IntStream.concat(
        IntStream.range(0, trunk),
        branches.stream().flatMapToInt(length -> IntStream.range(trunk, trunk + length)));
  }
}
