package io.plm4j.nano.vocabulary;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Byte pair encoding, learnt: all single bytes, and then again and again the pair of neighbours
/// that occurs most often becomes a token of its own.
///
/// @param tokens the bytes of each token, by its id; the first 256 are single bytes in their order
/// @param merges what was joined, in the order of learning; merge `i` made token `256 + i`
public record Bpe(List<byte[]> tokens, List<Merge> merges) {
  /// Two neighbours that become one.
  public record Merge(int left, int right) {}

  private static final int BYTES = 256;

  private static final Comparator<Merge> LOWER_FIRST =
      Comparator.comparingInt(Merge::left).thenComparingInt(Merge::right).reversed();

  public Bpe {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /// A piece of text as tokens, with how often it occurs.
  private static final class Piece {
    private int[] ids;
    private final long count;

    private Piece(byte[] bytes, long count) {
      ids = new int[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        ids[i] = bytes[i] & 0xFF;
      }
      this.count = count;
    }

    private void join(Merge merge, int made) {
      int kept = 0;
      for (int i = 0; i < ids.length; i++) {
        if (i + 1 < ids.length && ids[i] == merge.left() && ids[i + 1] == merge.right()) {
          ids[kept++] = made;
          i++;
        } else {
          ids[kept++] = ids[i];
        }
      }
      if (kept < ids.length) {
        ids = Arrays.copyOf(ids, kept);
      }
    }
  }

  /// Learns until there are so many tokens, or until no pair occurs twice.
  ///
  /// Of pairs that occur equally often the one with the lower ids goes first, so that the same
  /// texts give the same vocabulary.
  public static Bpe learn(Pieces pieces, int size) {
    var tokens = new ArrayList<byte[]>();
    for (int b = 0; b < BYTES; b++) {
      tokens.add(new byte[] {(byte) b});
    }
    var learning = new ArrayList<Piece>();
    pieces.counts().forEach((text, count) -> learning.add(new Piece(Pieces.bytes(text), count)));
    var merges = new ArrayList<Merge>();
    while (tokens.size() < size) {
      var best = mostFrequent(learning);
      if (best == null) {
        break;
      }
      int made = tokens.size();
      tokens.add(joined(tokens.get(best.left()), tokens.get(best.right())));
      merges.add(best);
      learning.forEach(piece -> piece.join(best, made));
    }
    return new Bpe(tokens, merges);
  }

  private static @Nullable Merge mostFrequent(List<Piece> pieces) {
    Map<Merge, Long> counts = new HashMap<>();
    for (var piece : pieces) {
      for (int i = 1; i < piece.ids.length; i++) {
        counts.merge(new Merge(piece.ids[i - 1], piece.ids[i]), piece.count, Long::sum);
      }
    }
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .max(
            Map.Entry.<Merge, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(LOWER_FIRST)))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static byte[] joined(byte[] left, byte[] right) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(left);
    bytes.writeBytes(right);
    return bytes.toByteArray();
  }
}
