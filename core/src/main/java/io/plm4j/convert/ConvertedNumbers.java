package io.plm4j.convert;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// The numbers of a checkpoint on their way into another one, one tensor at a time: memory is that
/// of the largest tensor that has to be copied, and is given back when the next is asked for. For
/// one thread.
public final class ConvertedNumbers implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Optional<DType> type;
  private Arena passing = Arena.ofConfined();

  /// @param type into which they are converted; empty to leave them as they are
  @SuppressWarnings("MustBeClosedChecker") // closed with this
  public ConvertedNumbers(Checkpoint checkpoint, Optional<DType> type) {
    this.checkpoint = checkpoint;
    this.type = type;
  }

  /// A tensor of the checkpoint, to be written under its name.
  public TensorSource source(String name) {
    var info = checkpoint.info(name);
    var wanted = type.orElse(info.dtype());
    return new TensorSource(name, wanted, info.shape(), () -> data(name, wanted));
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the next call, or with this
  private MemorySegment data(String name, DType wanted) {
    passing.close();
    passing = Arena.ofConfined();
    var info = checkpoint.info(name);
    var stored = checkpoint.data(name, passing);
    if (info.dtype() == wanted || stored.byteSize() == 0) {
      return stored;
    }
    try (var _ = Scope.open()) {
      var converted = passing.allocate(info.shape().elements() * wanted.bytes(), 64);
      var aligned = stored;
      if (stored.address() % info.dtype().bytes() != 0) {
        aligned = passing.allocate(stored.byteSize(), 64).copyFrom(stored);
      }
      long[] shape = info.shape().toArray();
      Tensor.over(converted, wanted, shape).copyFrom(Tensor.over(aligned, info.dtype(), shape));
      if (wanted == DType.F16) {
        requireFinite(name, converted);
      }
      return converted;
    }
  }

  /// F16 ends at 65504; a weight beyond would become infinite.
  static void requireFinite(String name, MemorySegment numbers) {
    int exponent = 0x7C00;
    for (long at = 0; at < numbers.byteSize(); at += Short.BYTES) {
      if ((numbers.get(ValueLayout.JAVA_SHORT, at) & exponent) == exponent) {
        throw new InputException(
            "%s has numbers that F16 cannot hold, because it ends at 65504. Convert to bf16 or f32, or keep the type."
                .formatted(name));
      }
    }
  }

  @Override
  public void close() {
    passing.close();
  }
}
