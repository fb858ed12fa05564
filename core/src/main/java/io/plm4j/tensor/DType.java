package io.plm4j.tensor;

/// The element types that checkpoints and tensors have. The constants' names are those of the
/// safetensors format.
public enum DType {
  F64(8),
  F32(4),
  BF16(2),
  F16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /// Size of one element in bytes.
  public int bytes() {
    return bytes;
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case F64, F32, BF16, F16 -> true;
      case I64, I32, I16, I8, U8, BOOL -> false;
    };
  }
}
