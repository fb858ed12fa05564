package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The one-row product against libtorch's 32-bit linear, over sizes that do not divide evenly and
/// the published ones.
class RowProductContractTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 1",
    "1, 2",
    "7, 5",
    "33, 31",
    "130, 9",
    "2048, 512",
    "3072, 1024",
    "8192, 130"
  })
  void fastAndPlainKernelsAreLibtorchs(int in, int out) {
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      for (int threads : new int[] {1, 2, 3}) {
        for (var kernels : AllKernels.with(threads)) {
          try (kernels;
              var _ = Scope.open()) {
            var x = RandomTensor.of(1, 1, 1, in).to(type);
            var weight = RandomTensor.of(2, out, in).to(type);
            var bias = RandomTensor.of(3, out).to(type);

            float[] fast = kernels.rowProduct(x, weight, bias).toFloats();

            float[] exact =
                x.to(DType.F32).linear(weight.to(DType.F32), bias.to(DType.F32)).toFloats();
            assertThat(fast)
                .as("%s, %d threads", type, threads)
                .containsExactly(exact, tolerance(type, in, exact));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 5", "33, 31", "2048, 130"})
  void aRowAmongOthersIsTheRowAloneToTheBit(int in, int out) {
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      for (var kernels : AllKernels.with(2)) {
        try (kernels;
            var _ = Scope.open()) {
          var x = RandomTensor.of(1, 7, 1, in).to(type);
          var weight = RandomTensor.of(2, out, in).to(type);

          var together = kernels.rowProduct(x, weight, null);

          assertThat(together.shape()).containsExactly(7, 1, out);
          for (int m = 0; m < 7; m++) {
            assertThat(together.narrow(0, m, 1).toFloats())
                .containsExactly(kernels.rowProduct(x.narrow(0, m, 1), weight, null).toFloats());
          }
        }
      }
    }
  }

  @Test
  void aProductIsNotForManyRowsNorForMixedTypes() {
    try (var kernels = Kernels.plain(1);
        var none = Kernels.differentiable(1);
        var _ = Scope.open()) {
      var weight = RandomTensor.of(1, 4, 8);
      assertThat(none.suits(RandomTensor.of(2, 1, 1, 8), weight)).isFalse();
      assertThat(kernels.suits(RandomTensor.of(2, 1, Kernels.ROWS_AT_MOST, 8), weight)).isTrue();
      assertThat(kernels.suits(RandomTensor.of(2, 1, Kernels.ROWS_AT_MOST + 1, 8), weight))
          .isFalse();
      assertThat(kernels.suits(RandomTensor.of(2, 1, 1, 8).to(DType.BF16), weight)).isFalse();
    }
  }

  @Test
  void bf16RoundsToNearestEvenAsLibtorchDoes() {
    float[] values = {
      0f, -0f, 1f, 1.00390625f, 1.01171875f, 3.3895314e38f, 1e-40f, Float.NEGATIVE_INFINITY
    };
    try (var _ = Scope.open()) {
      float[] libtorch = Tensor.of(values, values.length).to(DType.BF16).toFloats();
      for (int i = 0; i < values.length; i++) {
        assertThat(Bf16.toFloat(Bf16.fromFloat(values[i]))).isEqualTo(libtorch[i]);
      }
    }
    assertThat(Bf16.toFloat(Bf16.fromFloat(Float.NaN))).isNaN();
  }

  /// The error of a sum of `n` products in 32 bits, and of one rounding of the result.
  private static Offset<Float> tolerance(DType type, int n, float[] exact) {
    float largest = 1;
    for (float v : exact) {
      largest = Math.max(largest, Math.abs(v));
    }
    double rounding = type == DType.BF16 ? largest / 256 : 0;
    return Offset.offset((float) (rounding + 4 * Math.ulp(1f) * Math.sqrt(n) * Math.sqrt(n)));
  }
}
