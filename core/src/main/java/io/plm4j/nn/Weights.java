package io.plm4j.nn;

import io.plm4j.error.InputException;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A cursor into a checkpoint. A layer steps into it as into a folder and asks for each tensor by
/// its name and with the shape that it must have, so that a model's code states both once, where
/// the layer is built:
///
/// ```java
/// var block = weights.at("blocks").at(3);
/// var gamma = block.tensor("gamma_1", width);
/// var proj = block.at("attn").linear("proj", width, width);
/// ```
public final class Weights {
  /// Where tensors come from: a mapped checkpoint, or random numbers, or a formula in a test.
  @FunctionalInterface
  public interface Source {
    /// The tensor of this full name; it must stay alive as long as the model.
    Tensor tensor(String name);

    /// The same in few bits a weight, where the source has it so. Asked for the weights of linear
    /// layers first, and for the head's where it is tied to the embedding: a packed copy of it.
    default Optional<QuantizedMatrix> quantized(String name) {
      return Optional.empty();
    }

    /// A linear layer as the model is to have it: with adapters, if the source has some for it.
    ///
    /// @param name of the layer, without `.weight`
    /// @param base as stored
    default Linear adapted(String name, Linear base) {
      return base;
    }

    /// The same source, whose linear layers become others.
    ///
    /// @param change of a layer's name, without `.weight`, and the layer as this source has it
    default Source withLayers(BiFunction<String, Linear, Linear> change) {
      var all = this;
      return new Source() {
        @Override
        public Tensor tensor(String name) {
          return all.tensor(name);
        }

        @Override
        public Optional<QuantizedMatrix> quantized(String name) {
          return all.quantized(name);
        }

        @Override
        public Linear adapted(String name, Linear base) {
          return change.apply(name, all.adapted(name, base));
        }
      };
    }
  }

  private final Source source;
  private final Kernels kernels;
  private final String prefix;

  private Weights(Source source, Kernels kernels, String prefix) {
    this.source = source;
    this.kernels = kernels;
    this.prefix = prefix;
  }

  /// A cursor at the root.
  ///
  /// @param kernels what the linear layers multiply single rows with
  public static Weights of(Source source, Kernels kernels) {
    return new Weights(source, kernels, "");
  }

  public Weights at(String name) {
    return new Weights(source, kernels, prefix + name + ".");
  }

  public Weights at(int index) {
    return at(Integer.toString(index));
  }

  /// @throws InputException if the tensor has another shape
  public Tensor tensor(String name, long... shape) {
    var tensor = source.tensor(prefix + name);
    requireShape(name, tensor.shape(), shape);
    return tensor;
  }

  private void requireShape(String name, long[] found, long[] wanted) {
    if (!Arrays.equals(found, wanted)) {
      throw new InputException(
          "the tensor %s%s has the shape %s, but this model needs %s; config.json and the weights do not belong together"
              .formatted(prefix, name, Arrays.toString(found), Arrays.toString(wanted)));
    }
  }

  /// A linear layer `name` with tensors `weight` [out, in] and `bias` [out].
  public Linear linear(String name, long in, long out) {
    return linear(name, in, out, at(name).tensor("bias", out));
  }

  /// A linear layer `name` with the tensor `weight` [out, in] alone.
  public Linear linearWithoutBias(String name, long in, long out) {
    return linear(name, in, out, null);
  }

  private Linear linear(String name, long in, long out, @Nullable Tensor bias) {
    var weight = name + ".weight";
    var quantized = quantized(weight, out, in);
    return adapted(
        name,
        quantized.isPresent()
            ? new Linear.Quantized(quantized.get(), bias, kernels)
            : new Linear.Dense(tensor(weight, out, in), bias, kernels));
  }

  private Optional<QuantizedMatrix> quantized(String weight, long out, long in) {
    var quantized = source.quantized(prefix + weight);
    quantized.ifPresent(matrix ->
        requireShape(weight, new long[] {matrix.rows(), matrix.columns()}, new long[] {out, in}));
    return quantized;
  }

  /// A linear layer `name` over a tensor that another layer owns too: the output head tied to the
  /// embedding. The source may have the head's numbers in few bits all the same, beside the dense
  /// embedding, of which a token needs a row only.
  public Linear tied(String name, Tensor weight) {
    var quantized = quantized(name + ".weight", weight.size(0), weight.size(1));
    return adapted(
        name,
        quantized.isPresent()
            ? new Linear.Quantized(quantized.get(), null, kernels)
            : new Linear.Dense(weight, null, kernels));
  }

  private Linear adapted(String name, Linear base) {
    return source.adapted(prefix + name, base);
  }

  public Kernels kernels() {
    return kernels;
  }
}
