package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The attention kernels against libtorch's, over sizes that do not divide evenly and the published
/// ones.
class AttentionContractTest {
  @ParameterizedTest
  @CsvSource({
    // batch, heads, key heads, queries, keys, head dim
    "1, 1, 1, 1, 1, 2",
    "1, 2, 1, 2, 2, 16",
    "2, 4, 2, 7, 7, 16",
    "1, 6, 2, 33, 33, 24",
    "1, 2, 2, 49, 129, 64",
    "1, 3, 1, 7, 300, 128",
    "1, 2, 2, 1025, 1025, 64",
    "1, 2, 2, 1024, 1024, 96",
  })
  void blockAttentionIsLibtorchs(
      int batch, int heads, int keyHeads, int queries, int keys, int dim) {
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      for (var mask :
          new AttentionMask[] {AttentionMask.full(), AttentionMask.causal(keys - queries)}) {
        for (var kernels : List.of(Kernels.vector(2), Kernels.create(2))) {
          try (kernels;
              var _ = Scope.open()) {
            var q = RandomTensor.of(1, batch, heads, queries, dim);
            var k = RandomTensor.of(2, batch, keyHeads, keys, dim).to(type);
            var v = RandomTensor.of(3, batch, keyHeads, keys, dim).to(type);

            var fast = kernels.attention(q, k, v, mask, DType.F32).toFloats();

            assertThat(fast)
                .as("%s %s", type, mask)
                .containsExactly(Tensor.attention(q, k, v, mask).toFloats(), tolerance(keys));
          }
        }
      }
    }
  }

  /// A branch behind the trunk is a sequence of its own.
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 4, 16", "2, 1, 40, 300, 24", "4, 2, 129, 500, 64"})
  void branchesSeeTheTrunkAndThemselves(int heads, int keyHeads, int trunk, int length, int dim) {
    var tree = RandomTensor.tree(trunk, length, 5);
    for (var kernels : List.of(Kernels.plain(1), Kernels.vector(2), Kernels.create(2))) {
      try (kernels;
          var _ = Scope.open()) {
        var q = RandomTensor.of(1, 1, heads, length, dim);
        var k = RandomTensor.of(2, 1, keyHeads, length, dim);
        var v = RandomTensor.of(3, 1, keyHeads, length, dim);
        var fast = kernels.attention(q, k, v, tree, DType.F32);
        int[] firsts = tree.firsts();
        for (int from = trunk, to; from < length; from = to) {
          to = from + 1;
          while (to < length && firsts[to] == firsts[from]) {
            to++;
          }
          var alone =
              Tensor.attention(
                  q.narrow(2, from, to - from),
                  behind(k, trunk, from, to),
                  behind(v, trunk, from, to),
                  AttentionMask.causal(trunk));
          assertThat(fast.narrow(2, from, to - from).contiguous().toFloats())
              .as("from %d", from)
              .containsExactly(alone.toFloats(), tolerance(length));
        }
      }
    }
  }

  private static Tensor behind(Tensor x, int trunk, int from, int to) {
    return Tensor.cat(List.of(x.narrow(2, 0, trunk), x.narrow(2, from, to - from)), 2);
  }

  /// As in the vision tower, where positions turn queries and keys in 32 bits.
  @Test
  void keysMayBeOfAnotherTypeThanValues() {
    for (var kernels : List.of(Kernels.vector(2), Kernels.create(2))) {
      try (kernels;
          var _ = Scope.open()) {
        var q = RandomTensor.of(1, 1, 2, 33, 24);
        var k = RandomTensor.of(2, 1, 2, 40, 24);
        var v = RandomTensor.of(3, 1, 2, 40, 24).to(DType.BF16);
        var fast = kernels.attention(q, k, v, AttentionMask.full(), DType.F32).toFloats();
        assertThat(fast)
            .containsExactly(
                Tensor.attention(q, k, v, AttentionMask.full()).toFloats(), tolerance(40));
      }
    }
  }

  @Test
  void queriesInBf16AreReadAndAnswersRounded() {
    for (var kernels : List.of(Kernels.vector(2), Kernels.create(2))) {
      try (kernels;
          var _ = Scope.open()) {
        var q = RandomTensor.of(1, 1, 2, 33, 24).to(DType.BF16);
        var k = RandomTensor.of(2, 1, 2, 40, 24).to(DType.BF16);
        var v = RandomTensor.of(3, 1, 2, 40, 24).to(DType.BF16);
        var mask = AttentionMask.causal(7);

        var fast = kernels.attention(q, k, v, mask, DType.BF16);

        assertThat(fast.dtype()).isEqualTo(DType.BF16);
        var exact = Tensor.attention(q.to(DType.F32), k, v, mask).toFloats();
        assertThat(fast.toFloats()).containsExactly(exact, Offset.offset(1f / 64));
      }
    }
  }

  @Test
  void whatIsNoNumberIsNotHidden() {
    for (var kernels : List.of(Kernels.vector(2), Kernels.create(2))) {
      try (kernels;
          var _ = Scope.open()) {
        var q = RandomTensor.of(1, 1, 1, 20, 16);
        var k = RandomTensor.of(2, 1, 1, 20, 16);
        k.narrow(2, 9, 1).fill(Float.NaN);
        var v = RandomTensor.of(3, 1, 1, 20, 16);
        var fast = kernels.attention(q, k, v, AttentionMask.causal(0), DType.F32).toFloats();
        for (int i = 0; i < fast.length; i++) {
          assertThat(Float.isNaN(fast[i])).as("query %d", i / 16).isEqualTo(i / 16 >= 9);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 2",
    "2, 1, 2, 16",
    "6, 2, 7, 16",
    "4, 4, 33, 24",
    "24, 8, 1000, 128",
    "32, 8, 65, 64"
  })
  void oneQueryIsLibtorchs(int heads, int keyHeads, int length, int dim) {
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      for (var kernels : new Kernels[] {Kernels.vector(2), Kernels.plain(1)}) {
        try (var _ = Scope.open();
            kernels) {
          var q = RandomTensor.of(1, 1, heads, 1, dim);
          // A cache with room behind what is filled; the room holds numbers that must not count.
          var k = RandomTensor.of(2, 1, keyHeads, length + 5, dim).to(type);
          var v = RandomTensor.of(3, 1, keyHeads, length + 5, dim).to(type);

          var fast = kernels.queryAttention(q, k, v, length).toFloats();

          var plain =
              Tensor.attention(
                  q, k.narrow(2, 0, length), v.narrow(2, 0, length), AttentionMask.full());
          assertThat(fast).as("%s", type).containsExactly(plain.toFloats(), tolerance(length));
        }
      }
    }
  }

  /// Weights sum to 1 and values are a few units large: the error of a sum of n numbers in 32 bits.
  private static Offset<Float> tolerance(int n) {
    return Offset.offset((float) (4 * Math.ulp(1f) * (8 + Math.sqrt(n))));
  }
}
