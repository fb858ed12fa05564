package io.plm4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void aKeptTensorSurvivesItsScopeAndTheOthersAreFreed() {
    try (var _ = Scope.open()) {
      Tensor kept;
      Tensor dropped;
      try (var inner = Scope.open()) {
        dropped = Tensor.zeros(DType.F32, 3);
        kept = inner.keep(Tensor.of(new float[] {1, 2, 3}, 3));
      }
      assertThat(kept.toFloats()).containsExactly(1, 2, 3);
      assertThat(dropped.pointer().isNull()).isTrue();
    }
  }

  @Test
  void anOwnersTensorsOutliveTheScopeAndEndWithTheOwner() {
    Tensor held;
    try (var owner = new Owner()) {
      try (var _ = Scope.open()) {
        held = owner.hold(Tensor.of(new float[] {4, 5}, 2));
      }
      try (var _ = Scope.open()) {
        assertThat(held.toFloats()).containsExactly(4, 5);
      }
    }
    assertThat(held.pointer().isNull()).isTrue();
  }

  @Test
  void manyStepsDoNotGrowNativeMemory() {
    step();
    long before = Pointer.physicalBytes();
    for (int i = 0; i < 200; i++) {
      step();
    }
    assertThat(Pointer.physicalBytes() - before).as("200 steps of 12 MB").isLessThan(200L << 20);
  }

  private static void step() {
    try (var _ = Scope.open()) {
      var x = Tensor.zeros(DType.F32, 1000, 1000);
      x.plus(x).times(x);
    }
  }

  @Test
  void keepNeedsAScopeAroundAndTheInnermostOne() {
    try (var outer = Scope.open()) {
      var tensor = Tensor.zeros(DType.F32, 1);
      assertThatThrownBy(() -> outer.keep(tensor)).hasMessageContaining("Owner");
      try (var _ = Scope.open()) {
        assertThatThrownBy(() -> outer.keep(tensor)).hasMessageContaining("innermost");
      }
    }
  }
}
