package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of many rows of bf16 in C, against sums of doubles.
class NativeDenseTest {
  @Test
  void itIsUsedWhereTheProcessorCan() throws IOException {
    var flags = flags();
    boolean able = flags.contains("avx512bw") && flags.contains("avx512dq");
    assertThat(NativeDense.instance().isPresent()).isEqualTo(able && !flags.contains("amx_tile"));
    NativeDense.instance()
        .filter(dense -> dense.kind() == NativeDense.Kind.PAIRS)
        .ifPresent(_ -> assertThat(flags).contains("avx512_bf16"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 33",
    "33, 31",
    "63, 32",
    "64, 64",
    "130, 9",
    "160, 65",
    "2048, 66",
    "3073, 40"
  })
  void aProductIsTheSumOfProducts(int in, int out) throws IOException {
    for (var kind : kinds()) {
      for (int rows : new int[] {9, 12, 19, 30}) {
        for (int threads : new int[] {1, 3}) {
          check(kind, rows, in, out, threads);
        }
      }
    }
  }

  /// More rows than are got ready at a time.
  @Test
  void allSlabsAreMultiplied() throws IOException {
    for (var kind : kinds()) {
      check(kind, 1_011, 40, 3, 2);
    }
  }

  private static void check(NativeDense.Kind kind, int rows, int in, int out, int threads) {
    try (var kernels = kernels(kind, threads);
        var _ = Scope.open()) {
      var x = RandomTensor.of(1, 1, rows, in).to(DType.BF16);
      var weight = RandomTensor.of(2, out, in).to(DType.BF16);
      for (var bias : new @Nullable Tensor[] {null, RandomTensor.of(3, out).to(DType.BF16)}) {
        var y = kernels.product(x, weight, bias);
        assertThat(y.dtype()).isEqualTo(DType.BF16);
        assertThat(y.shape()).containsExactly(1, rows, out);
        requireProduct(x.toFloats(), weight.toFloats(), bias, y.toFloats(), in);
      }
    }
  }

  /// Sums of n products in 32 bits are wrong by n units of the last place of what is summed at
  /// most, and are rounded to the eight bits of bf16 once.
  private static void requireProduct(
      float[] xs, float[] w, @Nullable Tensor bias, float[] found, int in) {
    int out = w.length / in;
    float[] b = bias == null ? new float[out] : bias.toFloats();
    for (int i = 0; i < found.length; i++) {
      double exact = b[i % out];
      double summed = Math.abs(exact);
      for (int k = 0; k < in; k++) {
        double product = (double) xs[i / out * in + k] * w[i % out * in + k];
        exact += product;
        summed += Math.abs(product);
      }
      assertThat(Math.abs(found[i] - exact))
          .as("%d columns, row %d", in, i / out)
          .isLessThanOrEqualTo(Math.abs(exact) / 256 + (in + 1) * Math.ulp(1f) * summed);
    }
  }

  @Test
  void aRowAmongOthersIsTheRowAmongAnyOthersToTheBit() throws IOException {
    for (var kind : kinds()) {
      try (var kernels = kernels(kind, 2);
          var _ = Scope.open()) {
        var weight = RandomTensor.of(2, 70, 96).to(DType.BF16);
        var x = RandomTensor.of(1, 40, 96).to(DType.BF16);
        var all = kernels.product(x, weight, null);
        for (int from = 0; from + 9 < 40; from += 5) {
          assertThat(kernels.product(x.narrow(0, from, 9), weight, null).toFloats())
              .as("%s from row %d", kind, from)
              .containsExactly(all.narrow(0, from, 9).toFloats());
        }
      }
    }
  }

  @Test
  void whatIsNotFiniteStaysInItsRow() throws IOException {
    for (var kind : kinds()) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        try (var kernels = kernels(kind, 1);
            var _ = Scope.open()) {
          var weight = RandomTensor.of(2, 33, 64).to(DType.BF16);
          var x = RandomTensor.of(1, 9, 64).to(DType.BF16);
          x.narrow(0, 4, 1).narrow(1, 7, 1).fill(bad);
          float[] y = kernels.product(x, weight, null).toFloats();
          for (int i = 0; i < y.length; i++) {
            assertThat(Float.isFinite(y[i])).as("%s, row %d", bad, i / 33).isEqualTo(i / 33 != 4);
          }
        }
      }
    }
  }

  private static Kernels kernels(NativeDense.Kind kind, int threads) {
    var products = new NativeProducts(null, NativeDense.of(kind), null);
    return Kernels.inC(NativeRows.instance().orElseThrow(), products, threads);
  }

  /// Those that this processor has, fast or not.
  private static List<NativeDense.Kind> kinds() throws IOException {
    var kinds = new ArrayList<NativeDense.Kind>();
    var flags = flags();
    if (flags.contains("avx512bw") && flags.contains("avx512dq")) {
      kinds.add(NativeDense.Kind.FLOATS);
      if (flags.contains("avx512_bf16")) {
        kinds.add(NativeDense.Kind.PAIRS);
      }
    }
    return kinds;
  }

  private static String flags() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"));
  }
}
