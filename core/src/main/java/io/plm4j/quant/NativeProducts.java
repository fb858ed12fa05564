package io.plm4j.quant;

import org.jspecify.annotations.Nullable;

/// The products of many rows in C.
///
/// @param bytes with matrices in few bits, if there is one
/// @param dense with matrices in bf16, if there is one
record NativeProducts(@Nullable NativeBytes bytes, @Nullable NativeDense dense) {
  static final NativeProducts NONE = new NativeProducts(null, null);

  /// What this machine has.
  static final NativeProducts THERE =
      new NativeProducts(NativeBytes.instance().orElse(null), NativeDense.instance().orElse(null));
}
