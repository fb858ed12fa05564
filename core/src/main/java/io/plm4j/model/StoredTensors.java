package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The tensors of a checkpoint in the type that a model computes in.
///
/// @param checkpoint must stay open as long as the tensors
/// @param type tensors stored in it stay where they are mapped, others are converted into memory
/// @param owner holds them
public record StoredTensors(Checkpoint checkpoint, DType type, Owner owner)
    implements Weights.Source {
  @Override
  public Tensor tensor(String name) {
    var info = checkpoint.info(name);
    return info.dtype() == type ? held(name, checkpoint.data(name)) : copy(name);
  }

  /// A tensor that may be written to.
  public Tensor copy(String name) {
    try (var passing = Arena.ofConfined();
        var _ = Scope.open()) {
      // What is copied anyway need not stay where it was rearranged.
      var info = checkpoint.info(name);
      var data = checkpoint.data(name, passing);
      if (info.dtype() == type) {
        return owner.hold(copied(data, type, info.shape().toArray()));
      }
      return owner.hold(stored(data, info.dtype(), info.shape().toArray()).to(type));
    }
  }

  private Tensor held(String name, MemorySegment data) {
    try (var _ = Scope.open()) {
      return owner.hold(stored(data, type, checkpoint.info(name).shape().toArray()));
    }
  }

  /// A tensor over a checkpoint's bytes. The format lets numbers begin anywhere; those that do not
  /// lie on a multiple of their size, which native code may rely on, are copied to where they do.
  private static Tensor stored(MemorySegment data, DType type, long[] shape) {
    return data.address() % type.bytes() == 0
        ? Tensor.over(data, type, shape)
        : copied(data, type, shape);
  }

  private static Tensor copied(MemorySegment data, DType type, long[] shape) {
    var copy = Tensor.uninitialized(type, shape);
    copy.memory().copyFrom(data);
    return copy;
  }
}
