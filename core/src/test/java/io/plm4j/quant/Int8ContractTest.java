package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attention over rows in 8 bits against libtorch's over the numbers that they stand for.
class Int8ContractTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 2",
    "2, 1, 2, 16",
    "6, 2, 7, 16",
    "5, 1, 33, 24",
    "4, 4, 33, 20",
    "24, 8, 1000, 128",
    "32, 8, 65, 64"
  })
  void oneQueryIsLibtorchs(int heads, int keyHeads, int length, int dim) {
    for (var kernels : new Kernels[] {Kernels.vector(2), Kernels.plain(1), Kernels.create(2)}) {
      try (var _ = Scope.open();
          kernels) {
        var q = RandomTensor.of(1, 1, heads, 1, dim);
        // Room behind what is filled holds numbers that must not count.
        var k = rows(2, keyHeads, length, 5, dim);
        var v = rows(3, keyHeads, length, 5, dim);

        var fast = kernels.queryAttention(q, k, v, length).toFloats();

        var plain =
            Tensor.attention(q, k.dequantize(length), v.dequantize(length), AttentionMask.full());
        assertThat(fast).containsExactly(plain.toFloats(), tolerance(length));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 2",
    "2, 1, 2, 2, 16",
    "6, 2, 7, 33, 20",
    "3, 1, 49, 300, 128",
  })
  void manyQueriesAreLibtorchs(int heads, int keyHeads, int queries, int length, int dim) {
    var mask = AttentionMask.causal(length - queries);
    for (var kernels : new Kernels[] {Kernels.vector(2), Kernels.plain(1), Kernels.create(2)}) {
      try (var _ = Scope.open();
          kernels) {
        var q = RandomTensor.of(1, 1, heads, queries, dim);
        var k = rows(2, keyHeads, length, 5, dim);
        var v = rows(3, keyHeads, length, 5, dim);

        var fast = kernels.attention(q, k, v, length, mask, DType.F32).toFloats();

        var plain = Tensor.attention(q, k.dequantize(length), v.dequantize(length), mask);
        assertThat(fast).containsExactly(plain.toFloats(), tolerance(length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 33, 128})
  void aNumberIsOffByHalfItsRowsScaleAtMost(int dim) {
    try (var _ = Scope.open()) {
      var given = RandomTensor.of(4, 1, 2, 9, dim);
      var rows = Int8Rows.uninitialized(2, 12, dim);
      rows.put(0, given.narrow(2, 0, 4));
      rows.put(4, given.narrow(2, 4, 5));
      float[] wanted = given.toFloats();
      float[] kept = rows.dequantize(9).toFloats();
      for (int row = 0; row < 18; row++) {
        float largest = 0;
        for (int d = 0; d < dim; d++) {
          largest = Math.max(largest, Math.abs(wanted[row * dim + d]));
        }
        for (int d = 0; d < dim; d++) {
          assertThat(kept[row * dim + d])
              .isCloseTo(wanted[row * dim + d], Offset.offset(largest / 127 * 0.5001f));
        }
      }
    }
  }

  @Test
  void zerosAndTheLargestAreKeptExactly() {
    try (var _ = Scope.open()) {
      var rows = Int8Rows.uninitialized(1, 3, 2);
      rows.put(0, Tensor.of(new float[] {0, -0f, 127, -127, 1e-45f, 0}, 1, 1, 3, 2));
      assertThat(rows.dequantize(3).toFloats()).containsExactly(0, 0, 127, -127, 0, 0);
    }
  }

  @Test
  void fourBytesAreSpreadWithTheirSigns() {
    int bytes = (byte) -128 << 24 | 127 << 16 | (-1 & 0xff) << 8 | 5;
    assertThat(Lanes.fourBytes(bytes).toArray()).containsExactly(5, -1, 127, -128);
  }

  private static Int8Rows rows(int seed, int heads, int length, int room, int dim) {
    var rows = Int8Rows.uninitialized(heads, length + room, dim);
    rows.put(0, RandomTensor.of(seed, 1, heads, length + room, dim));
    return rows;
  }

  /// As for numbers in 32 bits: what they stand for is the same on both sides.
  private static Offset<Float> tolerance(int n) {
    return Offset.offset((float) (4 * Math.ulp(1f) * (8 + Math.sqrt(n))));
  }
}
