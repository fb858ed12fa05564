package io.plm4j.train.optimizer;

/// The numbers of one step, the same for all elements.
///
/// @param factor what gradients are multiplied with
/// @param shrink what weights are multiplied with
/// @param stepSize learning rate, corrected for the mean of the gradients having begun at 0
/// @param root the same correction for the mean of their squares, under the root
record Update(
    float factor, float shrink, float beta1, float beta2, float eps, float stepSize, float root) {
  static Update of(AdamW.Settings settings, double learningRate, long step, double factor) {
    double first = 1 - Math.pow(settings.beta1(), step);
    double second = 1 - Math.pow(settings.beta2(), step);
    return new Update(
        (float) factor,
        (float) (1 - learningRate * settings.weightDecay()),
        (float) settings.beta1(),
        (float) settings.beta2(),
        (float) settings.eps(),
        (float) (learningRate / first),
        (float) Math.sqrt(second));
  }

  Update withoutDecay() {
    return new Update(factor, 1, beta1, beta2, eps, stepSize, root);
  }

  /// Takes the step for `n` elements.
  ///
  /// @param w weights, m mean of the gradients, v mean of their squares: all overwritten
  void apply(float[] w, float[] m, float[] v, float[] gradient, int n) {
    float keptMean = 1 - beta1;
    float keptSquares = 1 - beta2;
    for (int i = 0; i < n; i++) {
      float g = gradient[i] * factor;
      float mean = m[i] + (g - m[i]) * keptMean;
      float squares = v[i] * beta2 + keptSquares * g * g;
      m[i] = mean;
      v[i] = squares;
      w[i] = w[i] * shrink - stepSize * (mean / ((float) Math.sqrt(squares) / root + eps));
    }
  }
}
