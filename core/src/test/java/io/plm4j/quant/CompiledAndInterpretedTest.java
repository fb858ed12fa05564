package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A kernel's numbers must not depend on when Java's compiler gets to it, or one question would
/// have several answers. The same small work is done in a JVM that only interprets, and here many
/// times.
class CompiledAndInterpretedTest {
  private static final int REPEATS = 3_000;

  @Test
  void theyGiveTheSameNumbersToTheBit() throws Exception {
    var interpreted = interpreted();
    try (var kernels = Kernels.vector(1)) {
      for (int i = 0; i < REPEATS; i++) {
        assertThat(work(kernels)).isEqualTo(interpreted);
      }
    }
  }

  /// Runs in the other JVM.
  public static void main(String[] args) {
    try (var kernels = Kernels.vector(1)) {
      work(kernels).forEach(System.out::println);
    }
  }

  private static List<String> interpreted() throws IOException, InterruptedException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xint",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            CompiledAndInterpretedTest.class.getName());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.lines().toList();
  }

  private static List<String> work(Kernels kernels) {
    var results = new ArrayList<String>();
    try (var _ = Scope.open()) {
      for (var format : new String[] {"int8", "int4:32", "int4:64z", "nf4"}) {
        var matrix =
            kernels.quantize(RandomTensor.of(2, 5, 192), QuantFormat.of(format).orElseThrow());
        for (int rows : new int[] {1, 5}) {
          var x = RandomTensor.of(1, 1, rows, 192);
          results.add(Arrays.toString(kernels.product(x, matrix, null).toFloats()));
        }
      }
      for (var type : new DType[] {DType.F32, DType.BF16}) {
        // Results in 32 bits show the last bit of a sum; rounding to bf16 would hide it.
        var q = RandomTensor.of(3, 1, 4, 1, 32);
        var keys = RandomTensor.of(4, 1, 2, 20, 32).to(type);
        var values = RandomTensor.of(5, 1, 2, 20, 32).to(type);
        results.add(Arrays.toString(kernels.queryAttention(q, keys, values, 19).toFloats()));
        var many = RandomTensor.of(6, 1, 4, 7, 32).to(type);
        var attended = kernels.attention(many, keys, values, AttentionMask.causal(13), DType.F32);
        results.add(Arrays.toString(attended.toFloats()));
        var x = RandomTensor.of(1, 1, 2, 150).to(type);
        var weight = RandomTensor.of(2, 9, 150).to(type);
        results.add(Arrays.toString(kernels.rowProduct(x, weight, null).toFloats()));
      }
    }
    return results;
  }
}
