package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.model.PerceptionLm;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When guessing begins and ends, on a machine whose passes take what a test says.
class GuesserTest {
  private static final int LENGTH = 300;

  private final AtomicLong clock = new AtomicLong();
  private final Pace pace = new Pace(clock::get);

  /// @param perToken what a further token costs, as a part of the first
  /// @return passes for a text whose tokens come in turn
  private int passes(Guesser guesser, int[] text, double perToken) {
    int passes = 0;
    int length = 1;
    while (length < text.length) {
      int[] guess = guesser.guess(Arrays.copyOf(text, length), text.length - length);
      long start = pace.now();
      clock.addAndGet(Math.round(1_000_000 * (1 + perToken * guess.length)));
      pace.passed(1 + guess.length, start);
      int right = 0;
      while (right < guess.length && guess[right] == text[length + right]) {
        right++;
      }
      guesser.chosen(Arrays.copyOfRange(text, length, length + right + 1));
      length += right + 1;
      passes++;
    }
    return passes;
  }

  /// Tokens of which five come again and again.
  private static int[] repetitive() {
    var text = new int[LENGTH];
    Arrays.setAll(text, i -> i % 5);
    return text;
  }

  /// After each token comes another one than before.
  private static int[] misleading() {
    var text = new int[LENGTH];
    Arrays.setAll(text, i -> i % 2 == 0 ? 1 : 2 + i);
    return text;
  }

  @Test
  void repetitionIsGuessedManyTokensAtATime() {
    var guesser = new Guesser(Guessing.WHEN_IT_PAYS, pace);
    int passes = passes(guesser, repetitive(), 0.1);
    assertThat(passes).isLessThan(LENGTH / 4);
    assertThat(guesser.guesses().accepted()).isEqualTo(LENGTH - 1 - passes);
  }

  @Test
  void wrongGuessesEndSoon() {
    var guesser = new Guesser(Guessing.WHEN_IT_PAYS, pace);
    passes(guesser, misleading(), 0.1);
    assertThat(guesser.guesses().made()).isLessThan(30);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1, 2})
  void littleTimeIsLostWhateverATokenCosts(double perToken) {
    long plain = LENGTH * 1_000_000L;
    for (var text : List.of(repetitive(), misleading())) {
      clock.set(0);
      passes(new Guesser(Guessing.WHEN_IT_PAYS, pace), text, perToken);
      assertThat(clock.get()).isLessThan(plain + plain / 8);
    }
  }

  @Test
  void guessingComesBackWhereAnAnswerBeginsToRepeatItself() {
    var guesser = new Guesser(Guessing.WHEN_IT_PAYS, pace);
    var text = new int[2 * LENGTH];
    System.arraycopy(misleading(), 0, text, 0, LENGTH);
    for (int i = LENGTH; i < text.length; i++) {
      text[i] = 1000 + i % 5;
    }
    assertThat(passes(guesser, text, 0.1)).isLessThan(LENGTH + LENGTH / 2);
  }

  @Test
  void nothingIsGuessedWhenForbiddenOrWhenOneTokenIsLeft() {
    var text = repetitive();
    var never = new Guesser(Guessing.NEVER, pace);
    assertThat(passes(never, text, 0)).isEqualTo(LENGTH - 1);
    assertThat(never.guesses()).isEqualTo(Guesses.NONE);
    var always = new Guesser(Guessing.ALWAYS, pace);
    assertThat(always.guess(text, 1)).isEmpty();
    assertThat(always.guess(text, 1000)).hasSize(PerceptionLm.TOKENS_TOGETHER - 1);
  }
}
