package io.plm4j.language;

import java.util.List;

/// What the rows of a forward pass are parts of, and so what a position may look back on.
sealed interface Sequences {
  /// Each row is the next chunk of a sequence whose past lies in a cache.
  ///
  /// @param caches one a row
  record Cached(List<KvCache> caches) implements Sequences {}

  /// Each row is the next position of the same sequence, whose past lies in a cache: computed
  /// together, and each as if alone.
  record Apart(KvCache cache) implements Sequences {}

  /// There is one row, of whole sequences laid end to end; none sees another. Nothing is kept.
  ///
  /// @param groups neighbours in the row, which attention takes together
  record EndToEnd(List<SideBySide> groups) implements Sequences {}
}
