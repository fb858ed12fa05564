package io.plm4j.train.data;

import io.plm4j.language.SequenceTree;
import io.plm4j.model.Pixels;
import java.util.List;
import java.util.function.Supplier;

/// A conversation as the model reads it while it learns: ids, what it is to answer, and what it
/// sees.
///
/// @param origin where it comes from, for messages: the source's name, file and row
/// @param ids one a position; media positions hold their placeholder
/// @param labels one a position, as transformers has them: the id at the position itself where the
///   model is to learn to say it, [#IGNORED] elsewhere. The trainer shifts them: position `i` is
///   predicted from the ones before it, so that the first label is never used
/// @param media in the order of their positions
/// @param tree what each position sees; a branch begins with a position that is not learnt, because
///   the one before it is another branch's
public record Example(
    String origin, int[] ids, int[] labels, List<Media> media, SequenceTree tree) {
  /// The label of a position that nothing is learnt from.
  public static final int IGNORED = -100;

  /// A picture or a video.
  ///
  /// @param start its first position
  /// @param positions how many it takes
  /// @param names of each position the id of what lies there, which tower and projector are to
  ///   learn to say, [#IGNORED] where nothing is said; empty where nothing is said at all
  /// @param key equal for equal pixels, so that what was seen in them can be kept
  /// @param pixels reads and cuts it; asked for when the example is trained on
  public record Media(int start, int positions, int[] names, Object key, Supplier<Pixels> pixels) {
    /// Where nothing is said of a medium's positions.
    static final int[] NO_NAMES = {};

    public Media {
      if (names.length != 0 && names.length != positions) {
        throw new IllegalArgumentException(
            "%d names for %d positions".formatted(names.length, positions));
      }
    }

    /// Of whose positions nothing is said.
    public Media(int start, int positions, Object key, Supplier<Pixels> pixels) {
      this(start, positions, NO_NAMES, key, pixels);
    }
  }

  public Example {
    media = List.copyOf(media);
    if (ids.length != labels.length) {
      throw new IllegalArgumentException(
          "%s: %d ids, but %d labels".formatted(origin, ids.length, labels.length));
    }
    if (tree.length() != ids.length) {
      throw new IllegalArgumentException(
          "%s: %d ids, but a tree of %d".formatted(origin, ids.length, tree.length()));
    }
    int start = tree.trunk();
    for (int branch : tree.branches()) {
      if (labels[start] != IGNORED) {
        throw new IllegalArgumentException(
            "%s: position %d, the first of a branch, is learnt".formatted(origin, start));
      }
      start += branch;
    }
  }

  /// Of which each position sees all before it.
  public Example(String origin, int[] ids, int[] labels, List<Media> media) {
    this(origin, ids, labels, media, SequenceTree.plain(ids.length));
  }

  /// The number of positions.
  public int length() {
    return ids.length;
  }

  /// Whether there is anything for the decoder to say.
  public boolean answers() {
    return said() > 0;
  }

  private int said() {
    int count = 0;
    for (int i = 1; i < labels.length; i++) {
      if (labels[i] != IGNORED) {
        count++;
      }
    }
    return count;
  }

  /// How many positions are predicted: those with a label, but for the first, and those with a
  /// name.
  public int predicted() {
    int count = said();
    for (var medium : media) {
      for (int name : medium.names()) {
        if (name != IGNORED) {
          count++;
        }
      }
    }
    return count;
  }
}
