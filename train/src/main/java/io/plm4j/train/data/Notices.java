package io.plm4j.train.data;

import io.plm4j.train.data.Sources.Outcome;
import io.plm4j.train.data.Sources.Ref;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Tells a listener of rows, of each once.
final class Notices {
  private final Sources sources;
  private final DataListener listener;
  private final List<BitSet> skipped = new ArrayList<>();
  private final List<BitSet> shortened = new ArrayList<>();

  Notices(Sources sources, DataListener listener) {
    this.sources = sources;
    this.listener = listener;
    sources
        .open()
        .forEach(_ -> {
          skipped.add(new BitSet());
          shortened.add(new BitSet());
        });
  }

  void tell(List<Outcome> notable) {
    for (var outcome : notable) {
      var ref = outcome.ref();
      switch (outcome) {
        case Outcome.Bad bad -> {
          if (isNew(skipped, ref)) {
            listener.skipped(
                new DataListener.SkippedRow(sources.name(ref), sources.place(ref), bad.reason()));
          }
        }
        case Outcome.Good good -> {
          if (good.droppedTurns() > 0 && isNew(shortened, ref)) {
            listener.shortened(sources.name(ref), sources.place(ref), good.droppedTurns());
          }
        }
      }
    }
  }

  private static boolean isNew(List<BitSet> told, Ref ref) {
    var places = told.get(ref.source());
    if (places.get(ref.place())) {
      return false;
    }
    places.set(ref.place());
    return true;
  }

  long skipped(int source) {
    return skipped.get(source).cardinality();
  }

  long shortened(int source) {
    return shortened.get(source).cardinality();
  }
}
