package io.plm4j.model;

import io.plm4j.error.InputException;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantFormat;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.BiFunction;

/// The weights of a checkpoint with the linear layers that a recipe names in few bits, quantised
/// one by one while the model is built: at no time is there more of the dense ones in memory than
/// one matrix. What is stored in few bits stays as it is.
///
/// @param stored where the numbers come from, and the type of what is not quantised
/// @param kernels that quantise
/// @param moments by which codes are chosen, where they are known
public record QuantizedWeights(
    StoredWeights stored, QuantizationRecipe recipe, Kernels kernels, InputMoments moments)
    implements Weights.Source {
  /// Every weight becomes the nearest code.
  public QuantizedWeights(StoredWeights stored, QuantizationRecipe recipe, Kernels kernels) {
    this(stored, recipe, kernels, InputMoments.NONE);
  }

  @Override
  public Tensor tensor(String name) {
    return stored.tensor(name);
  }

  @Override
  public Optional<QuantizedMatrix> quantized(String name) {
    return stored
        .quantized(name)
        .or(() -> recipe.formatOf(name).map(format -> quantize(name, format)));
  }

  private QuantizedMatrix quantize(String name, QuantFormat format) {
    try (var _ = Scope.open()) {
      return quantize(name, format, (_, matrix) -> matrix.heldBy(stored.owner()));
    }
  }

  /// Quantises a weight and looks at it while its dense numbers are still there.
  ///
  /// @param look takes both; the dense ones are gone after it
  public <T> T quantize(
      String name, QuantFormat format, BiFunction<Tensor, QuantizedMatrix, T> look) {
    var checkpoint = stored.checkpoint();
    // A tied head is stored as the embedding.
    boolean tied = name.equals(HfNames.HEAD) && !checkpoint.names().contains(name);
    var info = checkpoint.info(tied ? HfNames.EMBEDDING : name);
    try (var _ = Scope.open();
        var passing = Arena.ofConfined()) {
      var data = checkpoint.data(info.name(), passing);
      var dense = StoredWeights.stored(data, info.dtype(), info.shape().toArray());
      var given = moments.of(name);
      var matrix =
          given.isPresent()
              ? kernels.quantize(dense, format, given.get())
              : kernels.quantize(dense, format);
      var result = look.apply(dense, matrix);
      StoredWeights.forget(data);
      return result;
    } catch (ArithmeticException e) {
      throw new InputException(
          "%s: %s cannot be quantised: %s. Fetch the checkpoint again."
              .formatted(info.file(), info.name(), e.getMessage()),
          e);
    }
  }
}
