package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void aScalarHasOneElement() {
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of()).hasToString("[]");
  }

  @Test
  void elementsAreTheProductOfTheSizes() {
    assertThat(Shape.of(128256, 4096).elements()).isEqualTo(525_336_576);
    assertThat(Shape.of(3, 0, 5).elements()).isZero();
    assertThat(Shape.of(2, 3)).hasToString("[2, 3]").isEqualTo(new Shape(List.of(2L, 3L)));
  }

  @Test
  void sizesThatNoTensorHasAreRefused() {
    assertThatThrownBy(() -> Shape.of(2, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 31))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
