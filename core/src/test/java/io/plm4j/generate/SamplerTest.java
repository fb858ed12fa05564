package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.error.InputException;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {1f, 3f, 2f, 3f, -1f, 0f};
  private static final int[] NONE = {};

  @Test
  void greedyTakesTheHighestScoreAndTheLowestIdOnTies() {
    assertThat(new Sampler(Sampling.greedy(), 1).next(LOGITS.clone(), NONE)).isEqualTo(1);
  }

  @Test
  void drawsFollowTheProbabilities() {
    double[] found = frequencies(new Sampling.Random(1, 0, 1, 0, 7), 200_000);
    double sum = 0;
    for (float logit : LOGITS) {
      sum += Math.exp(logit);
    }
    for (int id = 0; id < LOGITS.length; id++) {
      assertThat(found[id]).as("token " + id).isCloseTo(Math.exp(LOGITS[id]) / sum, within(0.005));
    }
  }

  @Test
  void temperatureSharpensAndFlattens() {
    double cold = frequencies(new Sampling.Random(0.1, 0, 1, 0, 7), 10_000)[2];
    double hot = frequencies(new Sampling.Random(100, 0, 1, 0, 7), 50_000)[2];
    assertThat(cold).isLessThan(0.001);
    assertThat(hot).isCloseTo(1.0 / LOGITS.length, within(0.01));
  }

  @Test
  void topKKeepsTheLikeliestAndThoseThatTieWithTheLast() {
    assertThat(support(new Sampling.Random(1, 1, 1, 0, 7))).containsExactly(1, 3);
    assertThat(support(new Sampling.Random(1, 3, 1, 0, 7))).containsExactly(1, 2, 3);
  }

  @Test
  void topPKeepsTheTokenThatReachesTheSum() {
    // Tokens 1 and 3 have 0.39 each, token 2 has 0.14.
    assertThat(support(new Sampling.Random(1, 0, 0.3, 0, 7))).containsExactly(1);
    assertThat(support(new Sampling.Random(1, 0, 0.5, 0, 7))).containsExactly(1, 3);
    assertThat(support(new Sampling.Random(1, 0, 0.8, 0, 7))).containsExactly(1, 2, 3);
  }

  @Test
  void minPKeepsTokensWithThatPartOfTheBestProbability() {
    assertThat(support(new Sampling.Random(1, 0, 1, 0.9, 7))).containsExactly(1, 3);
    assertThat(support(new Sampling.Random(1, 0, 1, 0.3, 7))).containsExactly(1, 2, 3);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    var sampling = new Sampling.Random(1, 0, 1, 0, 42);
    var first = new Sampler(sampling, 1);
    var second = new Sampler(sampling, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(first.next(LOGITS.clone(), NONE)).isEqualTo(second.next(LOGITS.clone(), NONE));
    }
  }

  @Test
  void theRepetitionPenaltyDividesPositiveAndMultipliesNegativeScoresOnce() {
    float[] logits = {4f, 3f, -1f, -1.5f};
    assertThat(new Sampler(Sampling.greedy(), 2).next(logits, new int[] {0, 0, 2})).isEqualTo(1);
    assertThat(logits).containsExactly(2f, 3f, -2f, -1.5f);
  }

  @Test
  void valuesOutsideTheirRangeAreRefusedByName() {
    assertThatThrownBy(() -> new Sampling.Random(0, 0, 1, 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampling.Random(1, -1, 1, 0, 1)).hasMessageContaining("top-k");
    assertThatThrownBy(() -> new Sampling.Random(1, 0, 1.5, 0, 1)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> new Sampling.Random(1, 0, 1, -0.1, 1)).hasMessageContaining("min-p");
  }

  private static int[] support(Sampling sampling) {
    double[] found = frequencies(sampling, 5_000);
    return java.util.stream.IntStream.range(0, found.length).filter(id -> found[id] > 0).toArray();
  }

  private static double[] frequencies(Sampling sampling, int draws) {
    var sampler = new Sampler(sampling, 1);
    var found = new double[LOGITS.length];
    for (int i = 0; i < draws; i++) {
      found[sampler.next(LOGITS.clone(), NONE)] += 1.0 / draws;
    }
    return found;
  }
}
