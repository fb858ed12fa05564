package io.plm4j;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.util.Optional;

/// How a model is loaded.
///
/// @param type F32 or BF16; empty for the type in which the checkpoint is stored
/// @param threads how many cores to use
/// @param featureCacheBytes memory for what was seen in pictures and videos, so that none is
///   encoded twice; a picture of 36 tiles takes 39 MB with 1B in BF16. 0 for none
public record LoadOptions(Optional<DType> type, int threads, long featureCacheBytes) {
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), Runtime.getRuntime().availableProcessors(), 256_000_000);

  public LoadOptions {
    if (threads < 1) {
      throw new InputException("the number of threads must be 1 or greater, but is " + threads);
    }
    if (type.isPresent() && type.get() != DType.F32 && type.get() != DType.BF16) {
      throw new InputException("a model computes in F32 or BF16, not in " + type.get());
    }
    if (featureCacheBytes < 0) {
      throw new InputException(
          "the memory for what was seen must be 0 bytes or more, but is " + featureCacheBytes);
    }
  }

  public LoadOptions withType(DType other) {
    return new LoadOptions(Optional.of(other), threads, featureCacheBytes);
  }

  public LoadOptions withThreads(int count) {
    return new LoadOptions(type, count, featureCacheBytes);
  }

  public LoadOptions withFeatureCacheBytes(long bytes) {
    return new LoadOptions(type, threads, bytes);
  }
}
