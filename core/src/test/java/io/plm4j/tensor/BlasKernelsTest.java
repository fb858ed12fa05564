package io.plm4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlasKernelsTest {
  private static final String AVX512 =
      "flags\t\t: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl";

  @Test
  void ofAmdsProcessorsTheOnesWithAvx512AreMisjudged() {
    var amd = "vendor_id\t: AuthenticAMD";
    assertThat(BlasKernels.isMisjudged(List.of("processor\t: 0", amd, AVX512))).isTrue();
    assertThat(BlasKernels.isMisjudged(List.of(amd, "flags\t\t: fpu avx2 avx512f"))).isFalse();
    assertThat(BlasKernels.isMisjudged(List.of(amd, "flags\t\t: fpu avx2"))).isFalse();
  }

  @Test
  void othersAreNot() {
    assertThat(BlasKernels.isMisjudged(List.of("vendor_id\t: GenuineIntel", AVX512))).isFalse();
    assertThat(BlasKernels.isMisjudged(List.of())).isFalse();
  }
}
