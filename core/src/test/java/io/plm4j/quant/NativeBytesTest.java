package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of many rows in C, against those of the numbers that rows and codes stand for.
class NativeBytesTest {
  private static final List<String> FORMATS =
      List.of("int8", "int4:32", "int4:64", "int4:128", "int4:32z", "int4:64z", "int4:128z");

  @Test
  void theyAreUsedWhereTheProcessorCan() throws IOException {
    var flags = Files.readString(Path.of("/proc/cpuinfo"));
    assertThat(NativeBytes.instance().isPresent())
        .isEqualTo(flags.contains("avx512_vnni") && flags.contains("avx512bw"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 33", "33, 31", "64, 64", "130, 9", "160, 65", "2048, 66", "8192, 18"})
  void aProductIsThatOfTheRoundedRows(int in, int out) {
    for (var format : FORMATS) {
      for (int rows : new int[] {9, 12, 17}) {
        for (int threads : new int[] {1, 3}) {
          check(format, rows, in, out, threads);
        }
      }
    }
  }

  /// More rows than are rounded at a time.
  @Test
  void allSlabsAreMultiplied() {
    check("int8", 1027, 40, 3, 2);
    check("int4:32", 1025, 40, 3, 1);
  }

  private static void check(String format, int rows, int in, int out, int threads) {
    try (var kernels = kernels(threads);
        var _ = Scope.open()) {
      var matrix =
          kernels.quantize(RandomTensor.of(2, out, in), QuantFormat.of(format).orElseThrow());
      var x = RandomTensor.of(1, 1, rows, in).to(DType.BF16);
      for (var bias : new @Nullable Tensor[] {null, RandomTensor.of(3, out)}) {
        var y = kernels.product(x, matrix, bias);
        assertThat(y.dtype()).isEqualTo(DType.BF16);
        assertThat(y.shape()).containsExactly(1, rows, out);
        float[] dense = kernels.dequantize(matrix, DType.F32).toFloats();
        int group = matrix instanceof Int4Matrix int4 ? int4.group() : 64;
        requireProduct(x.toFloats(), dense, bias, y.toFloats(), in, group, format);
      }
    }
  }

  /// What is summed are whole numbers; a group's sum, the row's and y's bf16 are rounded.
  private static void requireProduct(
      float[] xs, float[] w, @Nullable Tensor bias, float[] found, int in, int group, String as) {
    int out = w.length / in;
    float[] b = bias == null ? new float[out] : bias.toFloats();
    for (int m = 0; m < xs.length / in; m++) {
      double[] rounded = rounded(xs, m * in, in, group);
      for (int n = 0; n < out; n++) {
        double exact = b[n];
        double summed = Math.abs(exact);
        for (int k = 0; k < in; k++) {
          exact += rounded[k] * w[n * in + k];
          summed += Math.abs(rounded[k] * w[n * in + k]);
        }
        assertThat(Math.abs(found[m * out + n] - exact))
            .as("%s, %d columns, row %d", as, in, m)
            .isLessThanOrEqualTo(Math.abs(exact) / 256 + 20 * Math.ulp(1f) * summed);
      }
    }
  }

  private static double[] rounded(float[] xs, int from, int count, int group) {
    var rounded = new double[count];
    for (int first = 0; first < count; first += group) {
      int end = Math.min(count, first + group);
      float largest = 0;
      for (int k = first; k < end; k++) {
        largest = Math.max(largest, Math.abs(xs[from + k]));
      }
      float inverse = largest == 0 ? 0 : 127 / largest;
      for (int k = first; k < end; k++) {
        rounded[k] = Math.rint(xs[from + k] * inverse) * (double) (largest / 127);
      }
    }
    return rounded;
  }

  @Test
  void aRowAmongOthersIsTheRowAmongAnyOthersToTheBit() {
    for (var format : FORMATS) {
      try (var kernels = kernels(2);
          var _ = Scope.open()) {
        var matrix =
            kernels.quantize(RandomTensor.of(2, 70, 96), QuantFormat.of(format).orElseThrow());
        var x = RandomTensor.of(1, 40, 96).to(DType.BF16);
        var all = kernels.product(x, matrix, null);
        for (int from = 0; from + 9 < 40; from += 5) {
          assertThat(kernels.product(x.narrow(0, from, 9), matrix, null).toFloats())
              .as("%s from row %d", format, from)
              .containsExactly(all.narrow(0, from, 9).toFloats());
        }
      }
    }
  }

  @Test
  void whatIsNotFiniteStaysInItsRow() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      try (var kernels = kernels(1);
          var _ = Scope.open()) {
        var matrix =
            kernels.quantize(RandomTensor.of(2, 33, 64), QuantFormat.of("int8").orElseThrow());
        var x = RandomTensor.of(1, 9, 64).to(DType.BF16);
        x.narrow(0, 4, 1).narrow(1, 7, 1).fill(bad);
        float[] y = kernels.product(x, matrix, null).toFloats();
        for (int i = 0; i < y.length; i++) {
          assertThat(Float.isNaN(y[i])).as("%s, row %d", bad, i / 33).isEqualTo(i / 33 == 4);
        }
      }
    }
  }

  @Test
  void nothingAndNextToNothingBecomesNothing() {
    try (var kernels = kernels(1);
        var _ = Scope.open()) {
      var matrix =
          kernels.quantize(RandomTensor.of(2, 5, 64), QuantFormat.of("int8").orElseThrow());
      for (float value : new float[] {0, 1e-38f}) {
        var x = Tensor.zeros(DType.F32, 9, 64).fill(value).to(DType.BF16);
        assertThat(kernels.product(x, matrix, null).toFloats()).containsOnly(0);
      }
    }
  }

  /// A model in 32 bits is not rounded.
  @Test
  void floatsAreNotRounded() {
    try (var kernels = kernels(1);
        var plain = Kernels.plain(1);
        var _ = Scope.open()) {
      var matrix =
          kernels.quantize(RandomTensor.of(2, 33, 64), QuantFormat.of("int8").orElseThrow());
      var x = RandomTensor.of(1, 9, 64);
      assertThat(kernels.product(x, matrix, null).toFloats())
          .containsExactly(plain.product(x, matrix, null).toFloats());
    }
  }

  private static Kernels kernels(int threads) {
    var rows = NativeRows.instance();
    var many = NativeBytes.instance();
    assumeTrue(rows.isPresent() && many.isPresent(), "the processor has AVX512_VNNI");
    var products = new NativeProducts(many.orElseThrow(), null, null);
    return Kernels.inC(rows.orElseThrow(), products, threads);
  }
}
