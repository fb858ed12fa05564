package io.plm4j.train.memory;

import io.plm4j.train.config.Optimizer;
import io.plm4j.train.config.Precision;
import java.util.LinkedHashMap;
import java.util.Map;

/// How much memory a run will take, and what for. An estimate: weights, gradients and moments are
/// counted, the rest is a formula.
///
/// All constants are bytes for one number unless they say otherwise.
///
/// @param weights the model as it computes, an adapter included
/// @param masters in 32 bits, of weights that learn and compute in 16
/// @param gradients with their sums over the micro-batches of a step
/// @param moments of the optimiser
/// @param decoder what its layers remember for the way back
/// @param tower the same of the vision tower, or what it takes to run it
/// @param scores of the positions whose words are predicted together
/// @param runtime Java, libtorch and pictures
public record MemoryPlan(
    long weights,
    long masters,
    long gradients,
    long moments,
    long decoder,
    long tower,
    long scores,
    long runtime) {
  /// Of a weight in NF4: four bits, and its share of two levels of scales.
  private static final double NF4_BYTES = (4 + 8.0 / 64 + 32.0 / (64 * 256)) / 8;

  /// Two moments in 32 bits.
  private static final double MOMENTS_BYTES = 8;

  /// Two moments in eight bits, with a scale in 32 for each 256.
  private static final double MOMENTS_8BIT_BYTES = 2 * (1 + 4.0 / 256);

  /// Scores that are computed together, in all; and how many copies of them there are: scores,
  /// their logarithms, gradient.
  private static final long SCORES_BYTES = 1L << 26;

  private static final int SCORES_COPIES = 3;

  /// The virtual machine, libtorch's code and its buffers, in all.
  private static final long RUNTIME_BYTES = 700_000_000;

  public static MemoryPlan of(MemoryDemand demand) {
    var counts = WeightCounts.of(demand.config(), demand.method());
    int bytes = demand.precision() == Precision.BF16 ? Short.BYTES : Float.BYTES;
    boolean sixteen = demand.precision() == Precision.BF16;
    long learnt = counts.learnt() + counts.added();
    double moments =
        demand.optimizer() == Optimizer.Kind.ADAMW_8BIT ? MOMENTS_8BIT_BYTES : MOMENTS_BYTES;
    long sums = demand.accumulation() > 1 ? learnt * Float.BYTES : 0;
    var activations = new ActivationBytes(demand, counts);
    return new MemoryPlan(
        (counts.kept() + counts.learnt()) * bytes
            + Math.round(counts.quantized() * NF4_BYTES)
            + counts.added() * Float.BYTES,
        sixteen ? counts.learnt() * Float.BYTES : 0,
        counts.learnt() * bytes + counts.added() * Float.BYTES + sums,
        Math.round(learnt * moments),
        activations.decoder(),
        activations.tower(),
        SCORES_COPIES
            * Math.min(
                SCORES_BYTES,
                demand.load().positions() * demand.config().decoder().vocabSize() * Float.BYTES),
        RUNTIME_BYTES);
  }

  /// All of it, in bytes.
  public long total() {
    return parts().values().stream().mapToLong(Long::longValue).sum();
  }

  /// Its parts by what people call them, without those that are nothing.
  public Map<String, Long> parts() {
    var parts = new LinkedHashMap<String, Long>();
    parts.put("weights", weights);
    parts.put("weights in f32", masters);
    parts.put("gradients", gradients);
    parts.put("moments", moments);
    parts.put("activations, decoder", decoder);
    parts.put("activations, vision", tower);
    parts.put("scores", scores);
    parts.put("runtime", runtime);
    parts.values().removeIf(bytes -> bytes == 0);
    return parts;
  }

  /// How many numbers learn, of how many.
  public record Learning(long learnt, long all) {
    public static Learning of(MemoryDemand demand) {
      var counts = WeightCounts.of(demand.config(), demand.method());
      long learnt = counts.learnt() + counts.added();
      return new Learning(learnt, learnt + counts.kept() + counts.quantized());
    }

    /// Whether an adapter's `target_modules` name no layer of the model.
    public boolean isNothing() {
      return learnt == 0;
    }
  }
}
