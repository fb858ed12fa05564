package io.plm4j.memory;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.tensor.DType;

/// Where the weights will be, in bytes.
///
/// @param mapped read from the checkpoint's files where they lie; the system can drop these pages
///   and read them again
/// @param converted copies in another type, which cannot be dropped; adapters count here
public record WeightBytes(long mapped, long converted) {
  /// Counted from the files' headers.
  ///
  /// @param type of the computation
  public static WeightBytes of(Checkpoint checkpoint, DType type) {
    long mapped = 0;
    long converted = 0;
    for (var info : checkpoint.tensors().values()) {
      // What is in bytes is in four bits or belongs to it, and stays so.
      if (info.dtype() == type || info.dtype() == DType.U8) {
        mapped += info.bytes();
      } else {
        converted += info.shape().elements() * type.bytes();
      }
    }
    return new WeightBytes(mapped, converted);
  }

  public WeightBytes plusConverted(long bytes) {
    return new WeightBytes(mapped, converted + bytes);
  }

  public long all() {
    return mapped + converted;
  }
}
