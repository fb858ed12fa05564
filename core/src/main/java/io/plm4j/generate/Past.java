package io.plm4j.generate;

import java.util.List;

/// What the positions of a cache stand for.
///
/// @param ids one a position
/// @param shown what was seen, also where the positions do not reach its end
record Past(int[] ids, List<Shown> shown) {
  static final Past NONE = new Past(new int[0], List.of());

  /// Something that was seen.
  ///
  /// @param identity equal to another's where both give the same pixels
  record Shown(int start, int length, String identity) {}

  Past {
    shown = List.copyOf(shown);
  }

  static Past of(int[] ids, List<Session.Media> media) {
    return new Past(
        ids,
        media.stream()
            .map(m -> new Shown(m.span().start(), m.span().length(), m.identity()))
            .toList());
  }

  int length() {
    return ids.length;
  }

  /// How many positions another one shares with this, from the first on. A medium is shared as a
  /// whole or not at all.
  int shared(Past other) {
    int most = Math.min(ids.length, other.ids.length);
    int same = 0;
    while (same < most && ids[same] == other.ids[same]) {
      same++;
    }
    return Math.min(sharedMedia(same, other), other.sharedMedia(same, this));
  }

  /// Up to the first medium of another one that is not here as well.
  private int sharedMedia(int same, Past other) {
    int first = same;
    for (var medium : other.shown) {
      boolean whole = medium.start() + medium.length() <= same;
      if (medium.start() < first && !(whole && shown.contains(medium))) {
        first = medium.start();
      }
    }
    return first;
  }
}
