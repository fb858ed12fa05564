package io.plm4j.train.config;

/// How gradients become steps.
///
/// @param weightDecay part of a weight that is lost with each step, times the learning rate
/// @param decay which weights lose it
/// @param maxGradNorm gradients longer than this are shortened to it; 0: never
public record Optimizer(
    Kind kind,
    double weightDecay,
    Decay decay,
    double beta1,
    double beta2,
    double epsilon,
    double maxGradNorm) {
  /// AdamW, by what its moments are kept in.
  public enum Kind {
    /// F32.
    ADAMW,
    /// Eight bits in blocks, as bitsandbytes has it.
    ADAMW_8BIT
  }

  /// Which weights decay.
  public enum Decay {
    /// All but biases and norms, as in transformers.
    MATRICES,
    /// All that learn, as in Meta's training code.
    ALL
  }

  /// As in the model card.
  public static final Optimizer CARD =
      new Optimizer(Kind.ADAMW, 0.01, Decay.MATRICES, 0.9, 0.999, 1e-8, 1);

  public Optimizer {
    require("weight_decay", weightDecay, weightDecay >= 0);
    require("adam_beta1", beta1, beta1 >= 0 && beta1 < 1);
    require("adam_beta2", beta2, beta2 >= 0 && beta2 < 1);
    require("adam_epsilon", epsilon, epsilon > 0);
    require("max_grad_norm", maxGradNorm, maxGradNorm >= 0);
  }

  private static void require(String name, double value, boolean holds) {
    if (!holds || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s %s is out of range".formatted(name, value));
    }
  }
}
