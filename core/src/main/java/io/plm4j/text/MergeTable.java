package io.plm4j.text;

import java.util.Arrays;

/// Which two neighbouring tokens may become one, and how early: a map from a pair of ids to the
/// merge's rank, by open addressing over primitive arrays.
final class MergeTable {
  private static final int NONE = -1;

  private final long[] pairs;
  private final int[] ranks;
  private final int[] merged;
  private final int mask;

  /// @param capacity the number of merges that will be added
  MergeTable(int capacity) {
    // At least a quarter of the slots stays free, so that a search soon ends.
    int slots = Integer.highestOneBit(Math.max(capacity, 8)) * 2;
    slots = capacity * 4L > slots * 3L ? slots * 2 : slots;
    pairs = new long[slots];
    ranks = new int[slots];
    merged = new int[capacity];
    mask = slots - 1;
    Arrays.fill(ranks, NONE);
  }

  /// False if the pair has a rank already.
  boolean add(int rank, int left, int right, int id) {
    long pair = pair(left, right);
    int slot = slot(pair);
    if (ranks[slot] != NONE) {
      return false;
    }
    pairs[slot] = pair;
    ranks[slot] = rank;
    merged[rank] = id;
    return true;
  }

  /// The rank of merging `left` with `right`, or -1 if they never merge; the lowest goes first.
  int rank(int left, int right) {
    return ranks[slot(pair(left, right))];
  }

  /// The token that the merge of this rank makes.
  int merged(int rank) {
    return merged[rank];
  }

  /// How many merges there are.
  int count() {
    return merged.length;
  }

  private int slot(long pair) {
    long h = pair * 0x9E3779B97F4A7C15L;
    int slot = (int) (h >>> 32) & mask;
    while (ranks[slot] != NONE && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }
}
