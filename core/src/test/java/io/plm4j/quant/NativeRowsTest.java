package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What products in C come to is in the contract tests; here is when they are there.
class NativeRowsTest {
  private static final List<String> SOURCES =
      List.of(
          "rows.h",
          "panels.h",
          "attention.h",
          "rows.c",
          "rows_avx2.c",
          "bytes.c",
          "dense.c",
          "attention.c",
          "attention_back.c");

  @Test
  void theLibraryWasMadeOfTheSourceThatIsThere() throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    for (var source : SOURCES) {
      digest.update(Files.readAllBytes(Path.of("src/main/c", source)));
    }
    var sum = HexFormat.of().formatHex(digest.digest());
    try (var there = NativeRows.class.getResourceAsStream("rows.sha256")) {
      assertThat(there).isNotNull();
      assertThat(new String(there.readAllBytes(), StandardCharsets.US_ASCII).strip())
          .as("a source in C was changed: run core/src/main/c/build")
          .isEqualTo(sum);
    }
  }

  @Test
  void itIsUsedWhereTheProcessorCan() throws IOException {
    var flags = Files.readString(Path.of("/proc/cpuinfo"));
    var able = new ArrayList<NativeRows.Level>();
    if (flags.contains(" avx2 ")) {
      able.add(NativeRows.Level.AVX2);
      if (flags.contains("avx512bw") && flags.contains("avx512dq")) {
        able.add(NativeRows.Level.AVX512);
        if (flags.contains("avx512_bf16")) {
          able.add(NativeRows.Level.AVX512_BF16);
        }
      }
    }
    assertThat(NativeRows.instances()).extracting(NativeRows::level).isEqualTo(able);
    assertThat(NativeRows.instance().map(NativeRows::level))
        .isEqualTo(able.isEmpty() ? Optional.empty() : Optional.of(able.getLast()));
  }

  @Test
  void partsOfTheColumnsAreThoseOfTheWhole() {
    for (var rows : NativeRows.instances()) {
      try (var one = Kernels.inC(rows, NativeProducts.NONE, 1);
          var three = Kernels.inC(rows, NativeProducts.NONE, 3);
          var _ = Scope.open()) {
        for (var text : new String[] {"int8", "int4:32", "int4:128z"}) {
          var matrix = one.quantize(RandomTensor.of(2, 11, 96), QuantFormat.of(text).orElseThrow());
          var x = RandomTensor.of(1, 1, 2, 96).to(DType.BF16).to(DType.F32);
          assertThat(three.product(x, matrix, null).toFloats())
              .as("%s, %s", rows.level(), text)
              .containsExactly(one.product(x, matrix, null).toFloats());
        }
        var weight = RandomTensor.of(2, 11, 45).to(DType.BF16);
        var x = RandomTensor.of(1, 1, 2, 45).to(DType.BF16);
        assertThat(three.rowProduct(x, weight, null).toFloats())
            .as(rows.level().name())
            .containsExactly(one.rowProduct(x, weight, null).toFloats());
      }
    }
  }
}
