package io.plm4j.cli;

import java.util.Optional;

/// Tells that the machine had no memory for a tensor from other failures of native code.
final class NativeMemory {
  static final String MESSAGE =
      "out of memory: this machine has too little for the model and the prompt. Try --dtype bf16, --max-num-tiles 4, or --vision-input-type vanilla.";

  private NativeMemory() {}

  /// libtorch reports a failed allocation as any other failure, by its text alone.
  static boolean isExhausted(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse("").contains("can't allocate memory");
  }
}
