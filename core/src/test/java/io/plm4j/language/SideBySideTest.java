package io.plm4j.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private static List<SequenceTree> plain(int... lengths) {
    return Arrays.stream(lengths).mapToObj(SequenceTree::plain).toList();
  }

  private static List<Integer> sizes(int... lengths) {
    return SideBySide.of(plain(lengths)).stream().map(group -> group.sequences()).toList();
  }

  @Test
  void neighboursOfLikeLengthShareAGroup() {
    assertThat(sizes(10, 12, 9, 11)).containsExactly(4);
    assertThat(sizes(10)).containsExactly(1);
    assertThat(sizes(10, 10, 9000, 8800, 10)).containsExactly(2, 2, 1);
  }

  /// Attention costs the square of a length: filled up, 600 positions would cost as 1,700.
  @Test
  void longOnesAreNotFilledUpByMuch() {
    assertThat(sizes(600, 640, 1700, 650)).containsExactly(2, 1, 1);
  }

  @Test
  void everythingComesBackToItsPlace() {
    try (var _ = Scope.open()) {
      var numbers = new float[2 * 6 * 3];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      var x = Tensor.of(numbers, 1, 2, 6, 3);
      var group = new SideBySide(plain(2, 3, 1));
      var laid = group.lay(x);
      assertThat(laid.shape()).containsExactly(3, 2, 3, 3);
      assertThat(laid.narrow(0, 1, 1).toFloats()).isEqualTo(x.narrow(2, 2, 3).toFloats());
      assertThat(group.join(laid).toFloats()).isEqualTo(numbers);
    }
  }
}
