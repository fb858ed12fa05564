package io.plm4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of bf16 by way of f32, as processors without fast ones of bf16 have them.
class ProductsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "2, 7, 33, 7",
    "33, 33, 2, 64",
    "7, 96, 50, 960",
    "40, 512, 300, 65536"
  })
  void aWidenedProductIsTheExactOneRoundedOnce(int rows, int in, int out, long block) {
    try (var _ = Scope.open()) {
      var x = numbers(1, rows, in);
      var weight = numbers(2, out, in);
      var bias = numbers(3, out);
      float[] found = Products.widened(x, weight, bias, block).toFloats();
      float[] a = x.toFloats();
      float[] b = weight.toFloats();
      float[] c = bias.toFloats();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < out; j++) {
          double exact = c[j];
          double size = Math.abs(exact);
          for (int k = 0; k < in; k++) {
            double term = (double) a[i * in + k] * b[j * in + k];
            exact += term;
            size += Math.abs(term);
          }
          // Half a unit of bf16's 8 bits, and what a sum of so many terms may lose in f32.
          double tolerance = Math.abs(exact) / 256 + size * in * Math.ulp(1f);
          assertThat((double) found[i * out + j]).isBetween(exact - tolerance, exact + tolerance);
        }
      }
    }
  }

  @Test
  void itsShapeIsThatOfLibtorchs() {
    try (var _ = Scope.open()) {
      var y = Products.widened(numbers(1, 2, 3, 8), numbers(2, 5, 8), null, 16);
      assertThat(y.shape()).containsExactly(2, 3, 5);
      assertThat(y.dtype()).isEqualTo(DType.BF16);
    }
  }

  @Test
  void gradientsFlowThroughIt() {
    try (var _ = Scope.open()) {
      var x = numbers(1, 4, 6).track();
      var weight = numbers(2, 3, 6).track();
      Products.widened(x, weight, null, 6).backward(numbers(3, 4, 3));
      var g = numbers(3, 4, 3).to(DType.F32);
      float[] wantedX = g.linear(weight.detach().to(DType.F32).transpose(0, 1), null).toFloats();
      float[] foundX = x.gradient().orElseThrow().toFloats();
      for (int i = 0; i < wantedX.length; i++) {
        assertThat(foundX[i]).isCloseTo(wantedX[i], within(wantedX[i]));
      }
      assertThat(weight.gradient().orElseThrow().shape()).containsExactly(3, 6);
    }
  }

  /// One unit of bf16.
  private static org.assertj.core.data.Offset<Float> within(float value) {
    return org.assertj.core.data.Offset.offset(Math.abs(value) / 128 + 1e-6f);
  }

  private static Tensor numbers(long seed, long... shape) {
    return Tensor.uniform(seed, shape).minus(Tensor.uniform(seed + 100, shape)).to(DType.BF16);
  }
}
