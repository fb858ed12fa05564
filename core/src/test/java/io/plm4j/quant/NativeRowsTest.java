package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// What products in C come to is in the contract tests; here is when they are there.
class NativeRowsTest {
  @Test
  void theLibraryWasMadeOfTheSourceThatIsThere() throws Exception {
    var source = Files.readAllBytes(Path.of("src/main/c/rows.c"));
    var sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
    try (var there = NativeRows.class.getResourceAsStream("rows.c.sha256")) {
      assertThat(there).isNotNull();
      assertThat(new String(there.readAllBytes(), StandardCharsets.US_ASCII).strip())
          .as("rows.c was changed: run core/src/main/c/build")
          .isEqualTo(sum);
    }
  }

  @Test
  void itIsUsedWhereTheProcessorCan() throws IOException {
    var flags = Files.readString(Path.of("/proc/cpuinfo"));
    boolean able = flags.contains("avx512bw") && flags.contains("avx512dq");
    assertThat(NativeRows.instance().isPresent()).isEqualTo(able);
    NativeRows.instance()
        .ifPresent(
            rows -> assertThat(rows.multipliesBf16()).isEqualTo(flags.contains("avx512_bf16")));
  }

  @Test
  void partsOfTheColumnsAreThoseOfTheWhole() {
    try (var one = Kernels.create(1);
        var three = Kernels.create(3);
        var _ = Scope.open()) {
      for (var text : new String[] {"int8", "int4:32", "int4:128z"}) {
        var matrix = one.quantize(RandomTensor.of(2, 11, 96), QuantFormat.of(text).orElseThrow());
        var x = RandomTensor.of(1, 1, 2, 96).to(DType.BF16).to(DType.F32);
        assertThat(three.product(x, matrix, null).toFloats())
            .as(text)
            .containsExactly(one.product(x, matrix, null).toFloats());
      }
      var weight = RandomTensor.of(2, 11, 45).to(DType.BF16);
      var x = RandomTensor.of(1, 1, 2, 45).to(DType.BF16);
      assertThat(three.rowProduct(x, weight, null).toFloats())
          .containsExactly(one.rowProduct(x, weight, null).toFloats());
    }
  }
}
