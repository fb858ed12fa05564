package io.plm4j;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.util.Optional;

/// How a model is loaded.
///
/// @param type F32 or BF16; empty for the type in which the checkpoint is stored
/// @param threads how many cores to use
public record LoadOptions(Optional<DType> type, int threads) {
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), Runtime.getRuntime().availableProcessors());

  public LoadOptions {
    if (threads < 1) {
      throw new InputException("the number of threads must be 1 or greater, but is " + threads);
    }
    if (type.isPresent() && type.get() != DType.F32 && type.get() != DType.BF16) {
      throw new InputException("a model computes in F32 or BF16, not in " + type.get());
    }
  }

  public LoadOptions withType(DType other) {
    return new LoadOptions(Optional.of(other), threads);
  }

  public LoadOptions withThreads(int count) {
    return new LoadOptions(type, count);
  }
}
