package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The fast kernel of NF4 against the plain one, to the bit, over sizes that do not divide evenly
/// and a real one.
class Nf4ContractTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "7, 9", "1, 64", "33, 31", "64, 64", "129, 257", "1024, 640"})
  void fastAndPlainKernelsAgreeToTheBit(int rows, int columns) {
    for (int threads : new int[] {1, 2, 3}) {
      try (var workers = new Workers(threads);
          var _ = Scope.open()) {
        var fast = new Nf4Transform(new VectorNf4Kernel(), workers);
        var plain = new Nf4Transform(new PlainNf4Kernel(), workers);
        for (var type : new DType[] {DType.F32, DType.BF16, DType.F16}) {
          for (var scales : Nf4Scales.values()) {
            var weights = RandomTensor.of(rows, rows, columns).to(type);

            var ours = fast.quantize(weights, scales);
            var theirs = plain.quantize(weights, scales);

            assertThat(bytes(ours.codes())).isEqualTo(bytes(theirs.codes()));
            for (var target : new DType[] {DType.F32, DType.BF16}) {
              assertThat(bytes(fast.dequantize(ours, target)))
                  .as("%s from %s, %s scales", target, type, scales)
                  .isEqualTo(bytes(plain.dequantize(theirs, target)));
            }
          }
        }
      }
    }
  }

  /// Half the widest gap between two values is 0.152 of the block's largest; quantising the scales
  /// adds a little.
  @ParameterizedTest
  @CsvSource({"EXACT, 0.153", "QUANTIZED, 0.17"})
  void aWeightMovesByLessThanHalfTheWidestGap(Nf4Scales scales, float gap) {
    try (var kernels = Kernels.create(2);
        var _ = Scope.open()) {
      var weights = RandomTensor.of(5, 64, 64);

      float[] back = kernels.dequantize(kernels.quantize(weights, scales), DType.F32).toFloats();

      float[] exact = weights.toFloats();
      for (int i = 0; i < exact.length; i++) {
        float largest = 0;
        for (int j = i / 64 * 64; j < i / 64 * 64 + 64; j++) {
          largest = Math.max(largest, Math.abs(exact[j]));
        }
        assertThat(Math.abs(back[i] - exact[i])).isLessThan(gap * largest);
      }
    }
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.memory().toArray(ValueLayout.JAVA_BYTE);
  }
}
