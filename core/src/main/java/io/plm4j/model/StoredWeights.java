package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.nn.Weights;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The weights of a checkpoint as a model wants them: tensors stored in its type stay where they
/// are mapped, others are converted into memory. Weights that are stored in few bits stay so.
///
/// @param checkpoint found complete ([CheckpointReport]); must stay open as long as the model
/// @param type of the model's weights
/// @param owner keeps what is converted
public record StoredWeights(Checkpoint checkpoint, DType type, Owner owner)
    implements Weights.Source {
  @Override
  public Tensor tensor(String name) {
    var info = checkpoint.info(name);
    try (var _ = Scope.open();
        var passing = Arena.ofConfined()) {
      // What is converted anyway need not stay where it was rearranged.
      var data = info.dtype() == type ? checkpoint.data(name) : checkpoint.data(name, passing);
      var tensor = owner.hold(stored(data, info.dtype(), info.shape().toArray()).to(type));
      if (info.dtype() != type) {
        forget(data);
      }
      return tensor;
    }
  }

  @Override
  public Optional<QuantizedMatrix> quantized(String name) {
    try (var _ = Scope.open()) {
      return QuantizedTensors.read(name, checkpoint).map(matrix -> matrix.heldBy(owner));
    }
  }

  /// The same in memory that may be written to.
  public Tensor copy(String name) {
    var info = checkpoint.info(name);
    if (info.dtype() != type) {
      return tensor(name);
    }
    try (var _ = Scope.open();
        var passing = Arena.ofConfined()) {
      var data = checkpoint.data(name, passing);
      var copy = owner.hold(copied(data, type, info.shape().toArray()));
      forget(data);
      return copy;
    }
  }

  /// A tensor over a checkpoint's bytes. The format lets numbers begin anywhere; those that do not
  /// lie on a multiple of their size, which native code may rely on, are copied to where they do.
  static Tensor stored(MemorySegment data, DType type, long[] shape) {
    if (data.address() % type.bytes() == 0) {
      return Tensor.over(data, type, shape);
    }
    return copied(data, type, shape);
  }

  private static Tensor copied(MemorySegment data, DType type, long[] shape) {
    var copy = Tensor.uninitialized(type, shape);
    copy.memory().copyFrom(data);
    return copy;
  }

  /// Gives back the memory of mapped numbers that are not looked at again; they count as the
  /// process's until then.
  static void forget(MemorySegment data) {
    if (data.isMapped()) {
      data.unload();
    }
  }
}
