package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.quant.Int4Matrix;
import io.plm4j.quant.Int8Matrix;
import io.plm4j.quant.Nf4Matrix;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.quant.QuantFormat;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// How weights in few bits are stored: int8 and int4 as plm4j writes them, NF4 as bitsandbytes
/// does. The tensors themselves say which it is, weight by weight.
public final class QuantizedTensors {
  /// A tensor that a weight is stored in.
  public record Stored(DType type, Shape shape) {}

  /// What a checkpoint has of a weight.
  ///
  /// @param shape that the weight stands for
  /// @param names of all tensors that it needs
  record Found(Shape shape, QuantFormat format, List<String> names) {
    Found {
      names = List.copyOf(names);
    }
  }

  private QuantizedTensors() {}

  /// Whether any weight of a checkpoint is in few bits.
  public static boolean areIn(Checkpoint checkpoint) {
    return Nf4Tensors.areIn(checkpoint) || IntTensors.areIn(checkpoint);
  }

  /// How many weights of a checkpoint there are in each format that occurs, by its name.
  public static SequencedMap<String, Integer> count(Checkpoint checkpoint) {
    var counts = new TreeMap<String, Integer>();
    for (var name : checkpoint.names()) {
      find(name, checkpoint)
          .ifPresent(found -> counts.merge(found.format().text(), 1, Integer::sum));
    }
    return counts;
  }

  /// What is stored of a weight; empty if it is not in few bits.
  static Optional<Found> find(String weight, Checkpoint checkpoint) {
    if (IntTensors.isOf(weight, checkpoint)) {
      return Optional.of(IntTensors.find(weight, checkpoint));
    }
    if (!Nf4State.isOf(weight, checkpoint)) {
      return Optional.empty();
    }
    var state = Nf4State.read(weight, checkpoint);
    var scales = state.nested().isPresent() ? Nf4Scales.QUANTIZED : Nf4Scales.EXACT;
    return Optional.of(new Found(state.shape(), new QuantFormat.Nf4(scales), state.names(weight)));
  }

  /// A matrix over a checkpoint's bytes, in the scope that is open; empty if the weight is not in
  /// few bits.
  static Optional<QuantizedMatrix> read(String weight, Checkpoint checkpoint) {
    if (IntTensors.isOf(weight, checkpoint)) {
      return Optional.of(IntTensors.read(weight, checkpoint));
    }
    return Nf4Tensors.read(weight, checkpoint).map(matrix -> matrix);
  }

  /// The type that a weight had before it was quantised; empty if it is not in few bits.
  ///
  /// @param config says it for the formats that do not
  public static Optional<DType> typeOf(String weight, Checkpoint checkpoint, PlmConfig config) {
    return IntTensors.isOf(weight, checkpoint)
        ? Optional.of(config.storedType().orElse(DType.BF16))
        : Nf4Tensors.typeOf(weight, checkpoint);
  }

  /// Names, types and shapes of the tensors that a weight will be stored in.
  public static SequencedMap<String, Stored> layout(
      String weight, Shape shape, QuantFormat format) {
    return switch (format) {
      case QuantFormat.Int8 _, QuantFormat.Int4 _ -> IntTensors.layout(weight, shape, format);
      case QuantFormat.Nf4(Nf4Scales scales) -> Nf4Tensors.layout(weight, shape, scales);
    };
  }

  /// What to write for a matrix; the numbers live as long as it.
  ///
  /// @param type that it had before it was quantised
  public static List<TensorSource> of(String weight, QuantizedMatrix matrix, DType type) {
    return switch (matrix) {
      case Int8Matrix int8 -> IntTensors.of(weight, int8);
      case Int4Matrix int4 -> IntTensors.of(weight, int4);
      case Nf4Matrix nf4 -> Nf4Tensors.of(weight, nf4, type);
    };
  }
}
