package io.plm4j.tensor;

/// Which keys a query may look at.
public sealed interface AttentionMask {
  /// Every query sees every key: the vision tower.
  record Full() implements AttentionMask {}

  /// Query i, at position `cached + i`, sees keys 0 to `cached + i`: a decoder, with `cached`
  /// positions before the first query.
  record Causal(long cached) implements AttentionMask {}

  static AttentionMask full() {
    return new Full();
  }

  static AttentionMask causal(long cached) {
    return new Causal(cached);
  }
}
