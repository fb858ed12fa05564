package io.plm4j.model;

import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Optional;

/// The weights of a checkpoint with every linear layer but the output head in NF4, quantised one by
/// one while the model is built: at no time is there more of the dense ones in memory than one
/// matrix.
///
/// Source: Dettmers et al. 2023, QLoRA; which layers are left alone is transformers' choice.
///
/// @param stored where the numbers come from, and the type of what is not quantised
/// @param scales how the blocks' scales are kept; QLoRA quantises them too
/// @param kernels that quantise
public record Nf4Weights(StoredWeights stored, Nf4Scales scales, Kernels kernels)
    implements Weights.Source {
  @Override
  public Tensor tensor(String name) {
    return stored.tensor(name);
  }

  @Override
  public Optional<QuantizedMatrix> quantized(String name) {
    if (name.equals(HfNames.HEAD)) {
      return Optional.empty();
    }
    return stored.quantized(name).or(() -> Optional.of(quantize(name)));
  }

  private QuantizedMatrix quantize(String name) {
    var info = stored.checkpoint().info(name);
    try (var _ = Scope.open();
        var passing = Arena.ofConfined()) {
      var data = stored.checkpoint().data(name, passing);
      var dense = StoredWeights.stored(data, info.dtype(), info.shape().toArray());
      var matrix = kernels.quantize(dense, scales).heldBy(stored.owner());
      StoredWeights.forget(data);
      return matrix;
    }
  }
}
