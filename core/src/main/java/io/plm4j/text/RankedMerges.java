package io.plm4j.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The merges that follow from a vocabulary whose ids are ranks, as tiktoken has it: any two tokens
/// whose bytes make a third one merge, the lower the third one's id the sooner.
///
/// Where several pairs make the same token, Hugging Face's converter gives the pair with the lower
/// ids the earlier rank; so does this, for the same ids and the same file.
final class RankedMerges {
  private record Pair(int left, int right) {}

  private final IntList lefts = new IntList();
  private final IntList rights = new IntList();
  private final IntList results = new IntList();

  /// @param vocabulary without holes
  RankedMerges(Vocabulary vocabulary) {
    List<Pair> pairs = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      byte[] token = vocabulary.bytes(id);
      pairs.clear();
      for (int cut = 1; cut < token.length; cut++) {
        int left = vocabulary.find(token, 0, cut);
        int right = left < 0 ? -1 : vocabulary.find(token, cut, token.length);
        if (right >= 0) {
          pairs.add(new Pair(left, right));
        }
      }
      pairs.sort(Comparator.comparingInt(Pair::left).thenComparingInt(Pair::right));
      for (Pair pair : pairs) {
        lefts.add(pair.left());
        rights.add(pair.right());
        results.add(id);
      }
    }
  }

  int count() {
    return results.size();
  }

  int left(int rank) {
    return lefts.get(rank);
  }

  int right(int rank) {
    return rights.get(rank);
  }

  MergeTable table() {
    var table = new MergeTable(count());
    for (int rank = 0; rank < count(); rank++) {
      // A pair has one result, so it cannot occur twice.
      table.add(rank, left(rank), right(rank), results.get(rank));
    }
    return table;
  }

  /// Whether the table holds these merges in this order, and no others.
  boolean isAllOf(MergeTable table) {
    if (table.count() != count()) {
      return false;
    }
    for (int rank = 0; rank < count(); rank++) {
      if (table.rank(left(rank), right(rank)) != rank) {
        return false;
      }
    }
    return true;
  }
}
