package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PastTest {
  private static final int SEEN = 99;

  @Test
  void tokensAreSharedUpToTheFirstThatDiffers() {
    assertThat(past(1, 2, 3).shared(past(1, 2, 4, 5))).isEqualTo(2);
    assertThat(past(1, 2, 3).shared(past(1, 2, 3, 4))).isEqualTo(3);
    assertThat(past(1, 2, 3).shared(Past.NONE)).isZero();
  }

  @Test
  void aMediumIsSharedAsAWholeOrNotAtAll() {
    var cat = new Past(new int[] {1, SEEN, SEEN, 2}, List.of(new Past.Shown(1, 2, "cat")));
    var dog = new Past(new int[] {1, SEEN, SEEN, 2}, List.of(new Past.Shown(1, 2, "dog")));
    var half = new Past(new int[] {1, SEEN}, List.of(new Past.Shown(1, 2, "cat")));
    assertThat(cat.shared(cat)).isEqualTo(4);
    assertThat(cat.shared(dog)).isEqualTo(1);
    assertThat(cat.shared(half)).isEqualTo(1);
    assertThat(half.shared(cat)).isEqualTo(1);
  }

  @Test
  void placeholdersWithNothingBehindThemAreNotWhatWasSeen() {
    var cat = new Past(new int[] {1, SEEN, SEEN, 2}, List.of(new Past.Shown(1, 2, "cat")));
    assertThat(cat.shared(past(1, SEEN, SEEN, 2))).isEqualTo(1);
    assertThat(past(1, SEEN, SEEN, 2).shared(cat)).isEqualTo(1);
  }

  private static Past past(int... ids) {
    return new Past(ids, List.of());
  }
}
