package io.plm4j.tensor;

import java.util.List;

/// Which keys a query may look at.
public sealed interface AttentionMask {
  /// Every query sees every key: the vision tower.
  record Full() implements AttentionMask {}

  /// Query i, at position `cached + i`, sees keys 0 to `cached + i`: a decoder, with `cached`
  /// positions before the first query.
  record Causal(long cached) implements AttentionMask {}

  /// Query i sees keys 0 to i but for branches that are not its own: of those from `trunk` on only
  /// the ones from `firsts[i]` on.
  ///
  /// @param trunk positions that all see, at least 1
  /// @param firsts one a query: `trunk` for those of the trunk, else where the branch begins that
  ///   it is of; never less than the one before
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tree(int trunk, int[] firsts) implements AttentionMask {
    public Tree {
      if (trunk < 1) {
        throw new IllegalArgumentException("a trunk of %d positions".formatted(trunk));
      }
    }

    /// Whether query i sees a key.
    public boolean sees(int query, int key) {
      return key <= query && (key < trunk || key >= firsts[query]);
    }
  }

  /// For each sequence of a batch a tree of its own.
  record Trees(List<Tree> sequences) implements AttentionMask {
    public Trees {
      sequences = List.copyOf(sequences);
    }
  }

  /// That of one sequence of a batch.
  default AttentionMask of(int sequence) {
    return this instanceof Trees(var sequences) ? sequences.get(sequence) : this;
  }

  static AttentionMask full() {
    return new Full();
  }

  static AttentionMask causal(long cached) {
    return new Causal(cached);
  }
}
