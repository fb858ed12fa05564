package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tape;
import io.plm4j.tensor.Tensor;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of attention in C against libtorch's.
class LearningAttentionTest {
  @BeforeEach
  void onlyWhereItIs() {
    assumeThat(NativeAttention.instance()).as("AVX-512").isPresent();
  }

  private record Result(float[] y, List<float[]> gradients) {}

  /// What comes of it and the gradients of queries, keys and values, all from leaves.
  private static Result learn(
      Kernels kernels, List<Tensor> leaves, AttentionMask mask, Tensor gradient) {
    try (kernels;
        var _ = Scope.open();
        var tape = Tape.open()) {
      var tracked = leaves.stream().map(x -> x.detach().track()).toList();
      var y =
          kernels.attention(tracked.get(0), tracked.get(1), tracked.get(2), mask, gradient.dtype());
      tape.backward(y, gradient);
      return new Result(
          y.detach().toFloats(),
          tracked.stream().map(x -> x.gradient().orElseThrow().toFloats()).toList());
    }
  }

  private static Kernels libtorch() {
    return Kernels.differentiable(NativeProducts.NONE, 1);
  }

  private static float largest(float[] numbers) {
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    return largest;
  }

  @ParameterizedTest
  @CsvSource({
    // batch, heads, key heads, queries, keys, head dim
    "1, 1, 1, 1, 1, 2",
    "1, 2, 1, 2, 2, 16",
    "2, 4, 2, 7, 7, 16",
    "1, 6, 2, 33, 33, 24",
    "1, 2, 2, 49, 129, 64",
    "1, 3, 1, 47, 300, 128",
    "3, 5, 5, 401, 401, 32",
    "1, 3, 1, 700, 700, 64",
    "1, 2, 2, 97, 97, 96",
  })
  void gradientsAreLibtorchs(int batch, int heads, int keyHeads, int queries, int keys, int dim) {
    for (var mask :
        new AttentionMask[] {AttentionMask.full(), AttentionMask.causal(keys - queries)}) {
      try (var _ = Scope.open()) {
        var leaves =
            List.of(
                RandomTensor.of(1, batch, heads, queries, dim),
                RandomTensor.of(2, batch, keyHeads, keys, dim),
                RandomTensor.of(3, batch, keyHeads, keys, dim));
        var gradient = RandomTensor.of(4, batch, heads, queries, dim);
        var expected = learn(libtorch(), leaves, mask, gradient);
        for (int threads = 1; threads <= 2; threads++) {
          var found = learn(Kernels.differentiable(threads), leaves, mask, gradient);
          for (int i = 0; i < 3; i++) {
            float[] wanted = expected.gradients().get(i);
            assertThat(found.gradients().get(i))
                .as("gradient %d, %s", i, mask)
                .containsExactly(wanted, Offset.offset(3e-5f * Math.max(1, largest(wanted))));
          }
          assertThat(found.y()).containsExactly(expected.y(), Offset.offset(1e-5f));
        }
      }
    }
  }

  /// Trees of a batch differ, and so does where their blocks of keys can be left out.
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 3, 16", "1, 1, 40, 90, 16", "2, 1, 130, 700, 64", "4, 2, 97, 401, 32"})
  void gradientsOfTreesAreLibtorchs(int heads, int keyHeads, int trunk, int length, int dim) {
    var mask =
        new AttentionMask.Trees(
            List.of(
                RandomTensor.tree(trunk, length, 1),
                RandomTensor.tree(trunk + 1, length, 7),
                RandomTensor.tree(length, length, 1)));
    try (var _ = Scope.open()) {
      var leaves =
          List.of(
              RandomTensor.of(1, 3, heads, length, dim),
              RandomTensor.of(2, 3, keyHeads, length, dim),
              RandomTensor.of(3, 3, keyHeads, length, dim));
      var gradient = RandomTensor.of(4, 3, heads, length, dim);
      var expected = learn(libtorch(), leaves, mask, gradient);
      var found = learn(Kernels.differentiable(2), leaves, mask, gradient);
      for (int i = 0; i < 3; i++) {
        float[] wanted = expected.gradients().get(i);
        assertThat(found.gradients().get(i))
            .as("gradient %d", i)
            .containsExactly(wanted, Offset.offset(3e-5f * Math.max(1, largest(wanted))));
      }
      assertThat(found.y()).containsExactly(expected.y(), Offset.offset(1e-5f));
    }
  }

  @Test
  void numbersOfBf16AndViewsOfOtherLayoutsAreLearntFrom() {
    try (var _ = Scope.open()) {
      var mask = AttentionMask.causal(0);
      var leaves =
          List.of(
              RandomTensor.of(1, 2, 70, 4, 32).to(DType.BF16).transpose(1, 2),
              RandomTensor.of(2, 2, 70, 2, 32).to(DType.BF16).transpose(1, 2),
              RandomTensor.of(3, 2, 70, 2, 32).to(DType.BF16).transpose(1, 2));
      var gradient = RandomTensor.of(4, 2, 4, 32, 70).to(DType.BF16).transpose(2, 3);
      var exact = leaves.stream().map(x -> x.to(DType.F32)).toList();
      var expected = learn(libtorch(), exact, mask, gradient.to(DType.F32));
      var found = learn(Kernels.differentiable(1), leaves, mask, gradient);
      for (int i = 0; i < 3; i++) {
        float[] wanted = expected.gradients().get(i);
        assertThat(found.gradients().get(i))
            .as("gradient %d", i)
            .containsExactly(wanted, Offset.offset(0.01f * largest(wanted)));
      }
    }
  }

  @Test
  void aGradientOfWhatIsFrozenIsNotMade() {
    try (var _ = Scope.open();
        var kernels = Kernels.differentiable(1);
        var tape = Tape.open()) {
      var q = RandomTensor.of(1, 1, 2, 9, 16);
      var k = RandomTensor.of(2, 1, 2, 9, 16).track();
      var v = RandomTensor.of(3, 1, 2, 9, 16);
      var y = kernels.attention(q, k, v, AttentionMask.full(), DType.F32);
      tape.backward(y, RandomTensor.of(4, 1, 2, 9, 16));
      assertThat(k.gradient()).isPresent();
      assertThat(q.gradient()).isEmpty();
      assertThat(v.gradient()).isEmpty();
    }
  }

  @Test
  void withoutATapeItIsLibtorchs() {
    try (var _ = Scope.open();
        var kernels = Kernels.differentiable(1)) {
      var x = RandomTensor.of(1, 1, 2, 9, 16).track();
      var y = kernels.attention(x, x, x, AttentionMask.full(), DType.F32);
      y.backward(RandomTensor.of(4, 1, 2, 9, 16));
      assertThat(x.gradient()).isPresent();
    }
  }
}
