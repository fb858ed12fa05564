package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
  private static List<Integer> order(int size, long key) {
    var permutation = new Permutation(size, key);
    return IntStream.range(0, size).map(permutation::at).boxed().toList();
  }

  @Test
  void everyNumberComesOnce() {
    for (int size : new int[] {1, 2, 3, 4, 5, 7, 16, 17, 33, 100, 1023, 1024, 1025, 5000}) {
      for (long key = 0; key < 5; key++) {
        var order = order(size, key);
        assertThat(new HashSet<>(order)).hasSize(size);
        assertThat(order).allMatch(number -> number >= 0 && number < size);
      }
    }
  }

  @Test
  void theLargestSizeWorks() {
    var permutation = new Permutation(Integer.MAX_VALUE, 7);
    var seen = IntStream.range(0, 10_000).map(i -> permutation.at(i * 200_000)).boxed().toList();
    assertThat(new HashSet<>(seen)).hasSize(10_000);
  }

  /// Of four numbers there are 24 orders. Over 24,000 keys each comes a thousand times, give or
  /// take five standard deviations of 31.
  @Test
  void everyOrderOfAFewNumbersIsAboutAsLikely() {
    var counts = new java.util.HashMap<List<Integer>, Integer>();
    for (int key = 0; key < 24_000; key++) {
      counts.merge(order(4, Permutation.mix(key)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    assertThat(counts.values()).allMatch(count -> count > 845 && count < 1155);
  }

  /// In a random order neighbours follow one another in one place of the size, on average.
  @Test
  void neighboursAreParted() {
    int followers = 0;
    for (long key = 0; key < 100; key++) {
      var order = order(1000, Permutation.mix(key));
      for (int i = 1; i < 1000; i++) {
        followers += order.get(i) == order.get(i - 1) + 1 ? 1 : 0;
      }
    }
    assertThat(followers).isBetween(50, 150);
  }

  @Test
  void partsOfASequenceAreFoundByTheirRows() {
    var firsts = new FirstRows(List.of(0, 3, 0, 0, 2, 0));
    assertThat(firsts.count()).isEqualTo(5);
    assertThat(IntStream.range(0, 5).map(firsts::part)).containsExactly(1, 1, 1, 4, 4);
  }

  @Test
  void whatIsSetAsideAndWhatIsLeftMakeTheWhole() {
    for (int size : new int[] {1, 2, 7, 33, 1000}) {
      for (double share : new double[] {0.001, 0.1, 0.5, 0.99}) {
        var parts = new RowNumbers.First(size).split(share, 9);
        var rest = IntStream.range(0, parts.rest().count()).map(parts.rest()::at).toArray();
        var aside = IntStream.range(0, parts.share().count()).map(parts.share()::at).toArray();
        assertThat(aside).hasSize((int) Math.ceil(size * share)).isSorted();
        assertThat(rest).isSorted();
        assertThat(IntStream.concat(Arrays.stream(rest), Arrays.stream(aside)).sorted())
            .containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
      }
    }
  }
}
