package io.plm4j.generate;

import io.plm4j.generate.constraint.Matcher;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/// Chooses one token after another; holds the state of the random draws.
final class Sampler {
  private final Sampling sampling;
  private final double repetitionPenalty;
  private final SplittableRandom random;
  private final Optional<Matcher> matcher;

  /// @param repetitionPenalty 1 for none; greater values make tokens that occurred less likely
  Sampler(Sampling sampling, double repetitionPenalty) {
    this(sampling, repetitionPenalty, Optional.empty());
  }

  /// @param repetitionPenalty 1 for none; greater values make tokens that occurred less likely
  /// @param matcher keeps the answer to its form, fresh; empty for any form
  Sampler(Sampling sampling, double repetitionPenalty, Optional<Matcher> matcher) {
    this.sampling = sampling;
    this.repetitionPenalty = repetitionPenalty;
    this.matcher = matcher;
    this.random =
        switch (sampling) {
          case Sampling.Greedy() -> new SplittableRandom(0);
          case Sampling.Random draw -> new SplittableRandom(draw.seed());
        };
  }

  /// @param logits scores of all tokens; changed
  /// @param seen ids of prompt and answer so far, for the penalty
  int next(float[] logits, int[] seen) {
    penalise(logits, seen);
    matcher.ifPresent(form -> form.mask(logits));
    int id =
        switch (sampling) {
          case Sampling.Greedy() -> argmax(logits);
          case Sampling.Random draw -> draw(logits, draw);
        };
    matcher.ifPresent(form -> form.accept(id));
    return id;
  }

  /// Whether the answer's form leaves nothing but the end.
  boolean complete() {
    return matcher.filter(Matcher::complete).isPresent();
  }

  /// Divides positive scores of tokens that occurred and multiplies negative ones, once a token
  /// (Keskar et al. 2019).
  private void penalise(float[] logits, int[] seen) {
    if (repetitionPenalty == 1) {
      return;
    }
    for (int id : Arrays.stream(seen).distinct().toArray()) {
      float score = logits[id];
      logits[id] = (float) (score < 0 ? score * repetitionPenalty : score / repetitionPenalty);
    }
  }

  static int argmax(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  private int draw(float[] logits, Sampling.Random draw) {
    int[] order = order(logits, draw.topK());
    double[] p = softmax(logits, order, draw.temperature());
    int kept = keep(p, draw);
    double total = 0;
    for (int i = 0; i < kept; i++) {
      total += p[i];
    }
    double at = random.nextDouble() * total;
    for (int i = 0; i < kept; i++) {
      at -= p[i];
      if (at < 0) {
        return order[i];
      }
    }
    return order[kept - 1];
  }

  /// Token ids by falling score, lower ids first on ties, cut to the top k and those that tie with
  /// the last of them.
  private static int[] order(float[] logits, int topK) {
    int[] candidates = candidates(logits, topK);
    // Sorting longs is far faster than sorting boxed ids: score in the upper half, turned so that
    // greater comes first.
    var keys = new long[candidates.length];
    for (int i = 0; i < candidates.length; i++) {
      int bits = Float.floatToIntBits(logits[candidates[i]] + 0f);
      int rising = bits >= 0 ? bits : ~bits ^ Integer.MIN_VALUE;
      keys[i] = ((long) ~rising << 32) | candidates[i];
    }
    Arrays.sort(keys);
    var order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  private static int[] candidates(float[] logits, int topK) {
    var all = new int[logits.length];
    int count = 0;
    // Tokens that were ruled out have a score of minus infinity, and are no candidates for any k.
    float least = -Float.MAX_VALUE;
    if (topK > 0 && topK < logits.length) {
      least = Math.max(least, kthLargest(logits, topK));
    }
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] >= least) {
        all[count++] = id;
      }
    }
    return Arrays.copyOf(all, count);
  }

  private static float kthLargest(float[] logits, int k) {
    var sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - k];
  }

  private static double[] softmax(float[] logits, int[] order, double temperature) {
    var p = new double[order.length];
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      p[i] = Math.exp((logits[order[i]] - logits[order[0]]) / temperature);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  /// How many of the falling probabilities survive top-p and min-p; at least one.
  private static int keep(double[] p, Sampling.Random draw) {
    int kept = 1;
    double sum = p[0];
    while (kept < p.length
        && (draw.topP() == 1 || sum < draw.topP())
        && p[kept] >= draw.minP() * p[0]) {
      sum += p[kept];
      kept++;
    }
    return kept;
  }
}
