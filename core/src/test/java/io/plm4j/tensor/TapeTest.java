package io.plm4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TapeTest {
  /// `3 x`, computed where libtorch does not look.
  private static Tensor threeTimes(Tensor x, Tape tape) {
    Tensor y;
    try (var _ = Untracked.open()) {
      y = x.times(3);
    }
    return tape.cut(List.of(x), y, gradient -> List.of(gradient.times(3)));
  }

  @Test
  void gradientsGoOverCutsSideBySideAndAroundThem() {
    try (var _ = Scope.open();
        var tape = Tape.open()) {
      var x = Tensor.of(new float[] {1, 2, 3}, 3).track();
      var twice = x.times(2);
      var one = threeTimes(twice, tape);
      var other = threeTimes(twice, tape);
      var y = x.plus(one.times(other)); // x + 36 x²
      assertThat(y.detach().toFloats()).containsExactly(37, 146, 327);

      tape.backward(y, Tensor.of(new float[] {1, 1, 10}, 3));

      assertThat(x.gradient().orElseThrow().toFloats()).containsExactly(73, 145, 2170);
    }
  }

  @Test
  void aCutBehindAnotherIsRefused() {
    try (var _ = Scope.open();
        var tape = Tape.open()) {
      var x = Tensor.of(new float[] {1, 2, 3}, 3).track();
      var y = threeTimes(threeTimes(x, tape), tape);
      assertThatThrownBy(() -> tape.backward(y, Tensor.of(new float[] {1, 1, 1}, 3)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another of its tape");
    }
  }

  @Test
  void theInnermostOfThisThreadRecords() throws InterruptedException {
    assertThat(Tape.current()).isEmpty();
    try (var outer = Tape.open()) {
      try (var inner = Tape.open()) {
        assertThat(Tape.current()).containsSame(inner);
        inner.stop();
        assertThat(Tape.current()).containsSame(outer);
      }
      assertThat(Tape.current()).containsSame(outer);
      var elsewhere = new boolean[1];
      var thread = Thread.ofPlatform().start(() -> elsewhere[0] = Tape.current().isPresent());
      thread.join();
      assertThat(elsewhere[0]).isFalse();
    }
    assertThat(Tape.current()).isEmpty();
  }
}
