package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
  @Test
  void theContinuationOfTheLatestOccurrenceOfTheLongestMatchIsTaken() {
    var found = PromptLookup.after(new int[] {1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3}, 2);
    assertThat(found.matched()).isEqualTo(3);
    assertThat(found.tokens()).containsExactly(4, 9);
    assertThat(PromptLookup.after(new int[] {7, 3, 4, 9, 3, 5, 8, 3}, 2).tokens())
        .containsExactly(5, 8);
  }

  @Test
  void whatRepeatsIsTakenToRepeatAgain() {
    assertThat(PromptLookup.after(new int[] {5, 5}, 4).tokens()).containsExactly(5, 5, 5, 5);
    assertThat(PromptLookup.after(new int[] {1, 2, 1, 2, 1, 2}, 5).tokens())
        .containsExactly(1, 2, 1, 2, 1);
  }

  @Test
  void whatIsNewIsNotGuessed() {
    assertThat(PromptLookup.after(new int[] {1, 2, 3}, 4).tokens()).isEmpty();
    assertThat(PromptLookup.after(new int[] {1}, 4).tokens()).isEmpty();
    assertThat(PromptLookup.after(new int[] {1, 1}, 0).tokens()).isEmpty();
  }

  @Test
  void itFindsWhatAPlainSearchFinds() {
    var random = new SplittableRandom(1);
    for (int round = 0; round < 2_000; round++) {
      int[] ids = random.ints(1 + random.nextInt(30), 0, 1 + random.nextInt(6)).toArray();
      var found = PromptLookup.after(ids, 1);
      int longest = 0;
      int expected = -1;
      for (int next = 1; next < ids.length; next++) {
        int same = 0;
        while (same < PromptLookup.LONGEST
            && same < next
            && ids[next - 1 - same] == ids[ids.length - 1 - same]) {
          same++;
        }
        if (same > 0 && same >= longest) {
          longest = same;
          expected = ids[next];
        }
      }
      assertThat(found.matched()).isEqualTo(longest);
      assertThat(found.tokens()).isEqualTo(longest == 0 ? new int[0] : new int[] {expected});
    }
  }
}
