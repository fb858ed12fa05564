package io.plm4j.quant;

import org.jspecify.annotations.Nullable;

/// What there is in C for many rows.
///
/// @param bytes products with matrices in few bits
/// @param dense products with matrices in bf16
/// @param attention of many queries
record NativeProducts(
    @Nullable NativeBytes bytes, @Nullable NativeDense dense, @Nullable NativeAttention attention) {
  static final NativeProducts NONE = new NativeProducts(null, null, null);

  /// What this machine has.
  static final NativeProducts THERE =
      new NativeProducts(
          NativeBytes.instance().orElse(null),
          NativeDense.instance().orElse(null),
          NativeAttention.instance().orElse(null));

  NativeProducts onlyAttention() {
    return new NativeProducts(null, null, attention);
  }
}
