package io.plm4j.train.config;

/// How many examples make a step.
///
/// @param perDevice examples of a micro-batch, whose gradients are computed together; with packing,
///   rows that are filled
/// @param accumulation micro-batches of an optimiser step
/// @param evalPerDevice examples that are judged together
public record Batches(int perDevice, int accumulation, int evalPerDevice) {
  /// As in the model card.
  public static final Batches CARD = new Batches(8, 1, 8);

  public Batches {
    if (perDevice < 1 || accumulation < 1 || evalPerDevice < 1) {
      throw new IllegalArgumentException(
          "batches of %d, %d and %d".formatted(perDevice, accumulation, evalPerDevice));
    }
  }
}
