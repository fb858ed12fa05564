package io.plm4j.cli;

/// How far a model's next-token distributions are from another's, over the same tokens.
final class Agreement {
  private double divergence;
  private double worst;
  private int same;
  private int places;

  /// Adds a place.
  ///
  /// @param wanted logits of the model that is the measure
  /// @param found logits of the other one
  void add(float[] wanted, float[] found) {
    double kl = divergence(wanted, found);
    places++;
    divergence += kl;
    worst = Math.max(worst, kl);
    if (largest(wanted) == largest(found)) {
      same++;
    }
  }

  int places() {
    return places;
  }

  /// The mean of the Kullback-Leibler divergences, in nats.
  double mean() {
    return divergence / Math.max(1, places);
  }

  double worst() {
    return worst;
  }

  /// The part of the places where both find the same token likeliest.
  double topOne() {
    return (double) same / Math.max(1, places);
  }

  /// `Σ p·log(p/q)` over the vocabulary, p the measure.
  static double divergence(float[] wanted, float[] found) {
    double p0 = logSum(wanted);
    double q0 = logSum(found);
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      double p = wanted[i] - p0;
      sum += Math.exp(p) * (p - (found[i] - q0));
    }
    // What rounding leaves of equal distributions may be below 0.
    return Math.max(0, sum);
  }

  private static double logSum(float[] logits) {
    double largest = logits[largest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }

  private static int largest(float[] logits) {
    int largest = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
