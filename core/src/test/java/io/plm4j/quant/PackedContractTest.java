package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Matrices in few bits: fast kernels against plain ones, products against those of the numbers
/// that the codes stand for, over sizes that do not divide evenly and real ones.
class PackedContractTest {
  private static final List<QuantFormat> FORMATS =
      List.of("int8", "int4:32", "int4:64", "int4:128", "int4:32z", "int4:128z", "nf4").stream()
          .map(text -> QuantFormat.of(text).orElseThrow())
          .toList();

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 1",
    "1, 2",
    "7, 5",
    "33, 31",
    "64, 33",
    "130, 9",
    "640, 65",
    "2048, 66",
    "8192, 18"
  })
  void aProductIsThatOfTheNumbersTheCodesStandFor(int in, int out) {
    for (var format : FORMATS) {
      for (int rows : new int[] {1, 2, 7, 33}) {
        for (var kernels : AllKernels.with(3)) {
          try (kernels;
              var _ = Scope.open()) {
            var weights = RandomTensor.of(2, out, in);
            var matrix = kernels.quantize(weights, format);
            var x = RandomTensor.of(1, 1, rows, in);
            var bias = RandomTensor.of(3, out);

            // Native kernels take numbers that bf16 holds.
            for (var numbers : new Tensor[] {x, x.to(DType.BF16).to(DType.F32)}) {
              var y = kernels.product(numbers, matrix, bias);

              assertThat(y.shape()).containsExactly(1, rows, out);
              requireProduct(numbers, kernels.dequantize(matrix, DType.F32), bias, y, format);
            }
          }
        }
      }
    }
  }

  /// Sums of n products in 32 bits are wrong by n units of the last place of what is summed at
  /// most; codes of int4 are up to 15 before the zero is taken off.
  private static void requireProduct(
      Tensor x, Tensor dense, Tensor bias, Tensor y, QuantFormat format) {
    float[] xs = x.toFloats();
    float[] w = dense.toFloats();
    float[] b = bias.toFloats();
    float[] found = y.toFloats();
    int in = (int) x.size(-1);
    int out = b.length;
    double extra = 0;
    for (float weight : w) {
      extra = Math.max(extra, format instanceof QuantFormat.Int4 ? Math.abs(weight) * 2 : 0);
    }
    for (int i = 0; i < found.length; i++) {
      double exact = b[i % out];
      double summed = Math.abs(exact);
      for (int k = 0; k < in; k++) {
        float number = xs[i / out * in + k];
        exact += (double) number * w[i % out * in + k];
        summed += Math.abs(number) * (Math.abs(w[i % out * in + k]) + extra);
      }
      assertThat(Math.abs(found[i] - exact))
          .as("%s, %d columns", format.text(), in)
          .isLessThanOrEqualTo(in * Math.ulp(1f) * summed + Math.ulp(1f) * summed);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 5", "33, 31", "64, 7", "2048, 130"})
  void aRowAmongOthersIsTheRowAloneToTheBit(int in, int out) {
    for (var format : FORMATS) {
      for (var kernels : AllKernels.with(2)) {
        try (kernels;
            var _ = Scope.open()) {
          if (format instanceof QuantFormat.Nf4 && in % Nf4.BLOCK != 0) {
            continue; // libtorch's product
          }
          var some = RandomTensor.of(1, Kernels.ROWS_AT_MOST / 2, 1, in);
          var inBf16 = RandomTensor.of(4, Kernels.ROWS_AT_MOST / 2, 1, in).to(DType.BF16);
          var x = Tensor.cat(List.of(some, inBf16.to(DType.F32)), 0);
          var matrix = kernels.quantize(RandomTensor.of(2, out, in), format);
          var together = kernels.product(x, matrix, null);
          for (int m = 0; m < Kernels.ROWS_AT_MOST; m++) {
            assertThat(together.narrow(0, m, 1).toFloats())
                .as(format.text())
                .containsExactly(kernels.product(x.narrow(0, m, 1), matrix, null).toFloats());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "33, 31", "64, 7", "129, 257", "640, 100"})
  void fastAndPlainKernelsMakeTheSameDenseNumbers(int in, int out) {
    for (var format : FORMATS) {
      try (var fast = Kernels.vector(3);
          var plain = Kernels.plain(1);
          var _ = Scope.open()) {
        var matrix = fast.quantize(RandomTensor.of(5, out, in), format);
        for (var type : new DType[] {DType.F32, DType.BF16}) {
          assertThat(bytes(fast.dequantize(matrix, type)))
              .as("%s to %s", format.text(), type)
              .isEqualTo(bytes(plain.dequantize(matrix, type)));
        }
      }
    }
  }

  /// Half a step of the grid; of int4, up to a fifth of the span is cut off, and on the other side
  /// of a symmetric group one code more.
  @ParameterizedTest
  @CsvSource({"int8, 0.004", "int4:32, 0.31", "int4:128, 0.31", "int4:64z, 0.14", "nf4, 0.17"})
  void aWeightMovesLittle(String format, float part) {
    try (var kernels = Kernels.create(2);
        var _ = Scope.open()) {
      var weights = RandomTensor.of(5, 64, 128);
      var matrix = kernels.quantize(weights, QuantFormat.of(format).orElseThrow());
      float[] back = kernels.dequantize(matrix, DType.F32).toFloats();
      float[] exact = weights.toFloats();
      float largest = 0;
      double squares = 0;
      double all = 0;
      double worst = 0;
      for (int i = 0; i < exact.length; i++) {
        largest = Math.max(largest, Math.abs(exact[i]));
        double difference = back[i] - exact[i];
        squares += difference * difference;
        all += (double) exact[i] * exact[i];
        worst = Math.max(worst, Math.abs(difference));
      }
      // An asymmetric group spans as much as the two sides together.
      float span = format.endsWith("z") ? 2 * largest : largest;
      assertThat(worst).isLessThan(part * span);
      var error = kernels.error(weights, matrix);
      assertThat(error.worst()).isEqualTo(worst);
      assertThat(error.relative()).isCloseTo(Math.sqrt(squares / all), offset());
    }
  }

  private static Offset<Double> offset() {
    return Offset.offset(1e-9);
  }

  @Test
  void zerosStayZerosAndConstantsStayNear() {
    try (var kernels = Kernels.create(1);
        var _ = Scope.open()) {
      for (var format : FORMATS) {
        var zeros = Tensor.zeros(DType.F32, 3, 70);
        for (float value :
            kernels.dequantize(kernels.quantize(zeros, format), DType.F32).toFloats()) {
          assertThat(Math.abs(value)).as(format.text()).isZero();
        }
        var threes = Tensor.zeros(DType.F32, 2, 64).fill(-3);
        for (float value :
            kernels.dequantize(kernels.quantize(threes, format), DType.F32).toFloats()) {
          assertThat(value).as(format.text()).isBetween(-3.02f, -2.98f);
        }
      }
    }
  }

  @Test
  void whatIsNotFiniteIsRefused() {
    try (var kernels = Kernels.create(2);
        var _ = Scope.open()) {
      for (var format : List.of("int8", "int4", "int4:64z")) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
          var weights = RandomTensor.of(1, 4, 64);
          weights.narrow(0, 2, 1).narrow(1, 7, 1).fill(bad);
          assertThatThrownBy(() -> kernels.quantize(weights, QuantFormat.of(format).orElseThrow()))
              .as("%s of %s", format, bad)
              .isInstanceOf(ArithmeticException.class)
              .hasMessageContaining("row 2");
        }
      }
    }
  }

  @Test
  void aGradientGoesThroughAProductToItsInput() {
    try (var kernels = Kernels.differentiable(1);
        var _ = Scope.open()) {
      for (var format : FORMATS) {
        var matrix = kernels.quantize(RandomTensor.of(2, 5, 64), format);
        var x = RandomTensor.of(1, 3, 64).track();
        var twin = RandomTensor.of(1, 3, 64).track();
        // Two products, so that memory used twice would show.
        var y =
            kernels.product(kernels.product(x, matrix, null).linear(tall(), null), matrix, null);
        var dense = kernels.dequantize(matrix, DType.F32);
        var wanted = twin.linear(dense, null).linear(tall(), null).linear(dense, null);
        y.sum().backward();
        wanted.sum().backward();
        assertThat(x.gradient().orElseThrow().toFloats())
            .as(format.text())
            .containsExactly(twin.gradient().orElseThrow().toFloats());
      }
    }
  }

  private static Tensor tall() {
    return RandomTensor.of(9, 64, 5);
  }

  @Test
  void formatsAreReadAsTheyAreWritten() {
    for (var format : FORMATS) {
      assertThat(QuantFormat.of(format.text()).orElseThrow()).isEqualTo(format);
    }
    assertThat(QuantFormat.of("int4").orElseThrow().text()).isEqualTo("int4:32");
    assertThat(QuantFormat.of("int4:48")).isEmpty();
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.memory().toArray(ValueLayout.JAVA_BYTE);
  }
}
