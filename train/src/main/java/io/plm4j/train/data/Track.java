package io.plm4j.train.data;

import io.plm4j.train.data.Sources.Ref;
import java.util.stream.IntStream;

/// Rows in an endless order: pass after pass, each row once in each.
///
/// @param source the first one that it takes
/// @param rows of this and the sources behind it
record Track(int source, FirstRows rows, Order order, long seed) {
  /// All sources as if they were one.
  static Track ofAll(Sources sources, FeedSettings settings) {
    return new Track(0, sources.firsts(), settings.order(), settings.seed());
  }

  /// One source, in an order of its own.
  static Track of(Sources sources, int source, FeedSettings settings) {
    var rows = new FirstRows(IntStream.of(sources.open().get(source).count()).boxed().toList());
    return new Track(source, rows, settings.order(), Permutation.mix(settings.seed() + source + 1));
  }

  Ref at(long position) {
    int place = (int) (position % rows.count());
    int row =
        switch (order) {
          case SEQUENTIAL -> place;
          case SHUFFLED -> {
            long pass = position / rows.count();
            yield new Permutation(rows.count(), Permutation.mix(seed) + pass).at(place);
          }
        };
    int part = rows.part(row);
    return new Ref(source + part, row - rows.first(part));
  }

  /// Whether the row in a position is the last one of a pass.
  boolean endsPass(long position) {
    return (position + 1) % rows.count() == 0;
  }
}
