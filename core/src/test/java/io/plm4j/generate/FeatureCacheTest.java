package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FeatureCacheTest {
  private static Tensor features(float value) {
    return Tensor.of(new float[] {value, value}, 1, 2);
  }

  @Test
  void whatWasKeptIsFoundAgainAsACopy() {
    try (var _ = Scope.open();
        var cache = new FeatureCache(100)) {
      var kept = features(1);
      cache.keep("a", kept);
      kept.copyFrom(features(9));
      assertThat(cache.find("a").orElseThrow().toFloats()).containsExactly(1, 1);
      cache.find("a").orElseThrow().copyFrom(features(9));
      assertThat(cache.find("a").orElseThrow().toFloats()).containsExactly(1, 1);
      assertThat(cache.find("b")).isEmpty();
    }
  }

  @Test
  void whatWasNotAskedForTheLongestGoesFirst() {
    try (var _ = Scope.open();
        var cache = new FeatureCache(16)) {
      cache.keep("a", features(1));
      cache.keep("b", features(2));
      cache.find("a");
      cache.keep("c", features(3));
      assertThat(cache.find("b")).isEmpty();
      assertThat(cache.find("a")).isPresent();
      assertThat(cache.find("c")).isPresent();
      assertThat(cache.bytes()).isEqualTo(16);
    }
  }

  @Test
  void whatDoesNotFitIsNotKept() {
    try (var _ = Scope.open();
        var cache = new FeatureCache(7)) {
      cache.keep("a", features(1));
      assertThat(cache.find("a")).isEmpty();
      assertThat(cache.bytes()).isZero();
    }
  }
}
