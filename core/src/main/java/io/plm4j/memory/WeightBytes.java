package io.plm4j.memory;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import java.util.Optional;
import java.util.OptionalLong;

/// Where the weights will be, in bytes.
///
/// @param mapped read from the checkpoint's files where they lie; the system can drop these pages
///   and read them again
/// @param converted copies in another type, which cannot be dropped; adapters count here
public record WeightBytes(long mapped, long converted) {
  /// Counted from the files' headers.
  ///
  /// @param type of the computation
  /// @param recipe for bringing weights into few bits while loading, if that is wanted
  public static WeightBytes of(
      Checkpoint checkpoint, DType type, Optional<QuantizationRecipe> recipe) {
    long mapped = 0;
    long converted = 0;
    for (var entry : checkpoint.tensors().entrySet()) {
      var info = entry.getValue();
      var packed =
          recipe
              .map(formats -> formats.bytes(entry.getKey(), info.shape()))
              .orElse(OptionalLong.empty());
      // What is in bytes is in few bits or belongs to it, and stays so.
      if (info.dtype() == DType.U8 || info.dtype() == DType.I8) {
        mapped += info.bytes();
      } else if (packed.isPresent()) {
        converted += packed.getAsLong();
      } else if (info.dtype() == type) {
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
