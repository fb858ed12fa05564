package io.plm4j.memory;

import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;

/// All that the memory of an answer depends on.
///
/// @param type of the computation
/// @param cacheBytesPerToken of keys and values
public record MemoryDemand(
    PlmConfig config, WeightBytes weights, DType type, long cacheBytesPerToken, AnswerSize size) {
  /// With keys and values in the type of the computation.
  public static MemoryDemand of(
      PlmConfig config, WeightBytes weights, DType type, AnswerSize size) {
    return new MemoryDemand(
        config, weights, type, config.decoder().kvCacheBytesPerToken(type), size);
  }

  public MemoryDemand with(AnswerSize other) {
    return new MemoryDemand(config, weights, type, cacheBytesPerToken, other);
  }

  /// The same with weights in another form.
  public MemoryDemand with(WeightBytes other) {
    return new MemoryDemand(config, other, type, cacheBytesPerToken, size);
  }

  /// The same with keys and values in another form.
  public MemoryDemand withCacheBytesPerToken(long bytes) {
    return new MemoryDemand(config, weights, type, bytes, size);
  }
}
