package io.plm4j.nn;

import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `y = x · Wᵀ + b` over the last dimension, however the weights are stored.
///
/// Shapes: x [..., in], y [..., out].
public sealed interface Linear {
  Tensor apply(Tensor x);

  /// Whether a few rows of x, up to [Kernels#ROWS_AT_MOST], become together what each becomes
  /// alone, to the bit.
  default boolean keepsRowsApart() {
    return false;
  }

  /// W as one dense matrix, whatever it is stored as: [out, in].
  ///
  /// @param type F32 or BF16
  Tensor weight(DType type);

  /// b [out], if there is one.
  @Nullable Tensor bias();

  /// @param weight [out, in]
  /// @param bias [out]
  record Dense(Tensor weight, @Nullable Tensor bias, Kernels kernels) implements Linear {
    @Override
    public Tensor apply(Tensor x) {
      return kernels.product(x, weight, bias);
    }

    @Override
    public boolean keepsRowsApart() {
      return kernels.keepsRowsApart(weight.dtype());
    }

    @Override
    public Tensor weight(DType type) {
      return weight.to(type);
    }
  }

  /// Weights in few bits. No gradient reaches them.
  ///
  /// @param weight [out, in]
  /// @param bias [out]
  record Quantized(QuantizedMatrix weight, @Nullable Tensor bias, Kernels kernels)
      implements Linear {
    @Override
    public Tensor apply(Tensor x) {
      return kernels.product(x, weight, bias);
    }

    @Override
    public boolean keepsRowsApart() {
      return kernels.keepsRowsApart(weight);
    }

    @Override
    public Tensor weight(DType type) {
      return kernels.dequantize(weight, type);
    }
  }

  /// A layer that tells what it is given.
  record Watched(Linear base, Consumer<Tensor> watcher) implements Linear {
    @Override
    public Tensor apply(Tensor x) {
      watcher.accept(x);
      return base.apply(x);
    }

    @Override
    public boolean keepsRowsApart() {
      return base.keepsRowsApart();
    }

    @Override
    public Tensor weight(DType type) {
      return base.weight(type);
    }

    @Override
    public @Nullable Tensor bias() {
      return base.bias();
    }
  }

  /// A layer with adapters, each of which changes what those before it make.
  ///
  /// The sum is kept in the adapters' type and rounded to the base's at the end, as in PEFT.
  record Adapted(Linear base, List<LowRank> adapters) implements Linear {
    public Adapted {
      adapters = List.copyOf(adapters);
    }

    @Override
    public Tensor apply(Tensor x) {
      try (var scope = Scope.open()) {
        var y = base.apply(x);
        var sum = y;
        for (var adapter : adapters) {
          sum = adapter.onto(sum, x, base);
        }
        return scope.keep(sum.to(y.dtype()));
      }
    }

    /// With the adapters baked in.
    @Override
    public Tensor weight(DType type) {
      try (var scope = Scope.open()) {
        var weight = base.weight(DType.F32);
        for (var adapter : adapters) {
          weight = adapter.merged(weight);
        }
        return scope.keep(weight.to(type));
      }
    }

    @Override
    public @Nullable Tensor bias() {
      return base.bias();
    }
  }
}
