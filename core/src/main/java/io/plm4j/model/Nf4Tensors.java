package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.quant.Nf4;
import io.plm4j.quant.Nf4Matrix;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The tensors in which bitsandbytes stores a weight in NF4.
public final class Nf4Tensors {
  private Nf4Tensors() {}

  /// What to write for a matrix.
  ///
  /// @param weight its name
  /// @param type that it had before it was quantised, in which it will be computed with
  public static List<TensorSource> of(String weight, Nf4Matrix matrix, DType type) {
    var tensors = new ArrayList<TensorSource>();
    var codes = matrix.codes();
    tensors.add(new TensorSource(weight, DType.U8, Shape.of(codes.elements(), 1), codes::memory));
    Optional<Nf4State.Nested> nested =
        switch (matrix.scales()) {
          case Nf4Matrix.Scales.Exact(var values) -> {
            tensors.add(source(weight + ".absmax", values));
            yield Optional.empty();
          }
          case Nf4Matrix.Scales.Coded(var scales, var map, var largest, float offset, int size) -> {
            tensors.add(source(weight + ".absmax", scales));
            tensors.add(source(weight + ".nested_absmax", largest));
            tensors.add(source(weight + ".nested_quant_map", map));
            yield Optional.of(new Nf4State.Nested(size, offset));
          }
        };
    float[] values = Nf4.values();
    tensors.add(
        new TensorSource(
            weight + ".quant_map",
            DType.F32,
            Shape.of(values.length),
            () -> MemorySegment.ofArray(values)));
    byte[] state =
        new Nf4State(Shape.of(matrix.rows(), matrix.columns()), type, matrix.blockSize(), nested)
            .toJson();
    tensors.add(
        new TensorSource(
            weight + Nf4State.SUFFIX,
            DType.U8,
            Shape.of(state.length),
            () -> MemorySegment.ofArray(state)));
    return List.copyOf(tensors);
  }

  /// Names, types and shapes of what [#of] gives. The state's length depends on its numbers; here
  /// it has room for any, to be filled up with blanks.
  static SequencedMap<String, QuantizedTensors.Stored> layout(
      String weight, Shape shape, Nf4Scales scales) {
    Optional<Nf4State.Nested> nested =
        scales == Nf4Scales.QUANTIZED
            ? Optional.of(new Nf4State.Nested(Nf4.SCALE_BLOCK, 0))
            : Optional.empty();
    var layout = new LinkedHashMap<String, QuantizedTensors.Stored>();
    new Nf4State(shape, DType.F32, Nf4.BLOCK, nested)
        .parts()
        .forEach((suffix, part) -> {
          var sizes = suffix.isEmpty() ? Shape.of(part.elements(), 1) : Shape.of(part.elements());
          layout.put(weight + suffix, new QuantizedTensors.Stored(part.type(), sizes));
        });
    layout.put(
        weight + Nf4State.SUFFIX, new QuantizedTensors.Stored(DType.U8, Shape.of(Nf4State.ROOM)));
    return layout;
  }

  private static TensorSource source(String name, Tensor tensor) {
    return new TensorSource(name, tensor.dtype(), Shape.of(tensor.elements()), tensor::memory);
  }

  /// Whether any weight of a checkpoint is stored in NF4.
  public static boolean areIn(Checkpoint checkpoint) {
    return checkpoint.names().stream().anyMatch(name -> name.endsWith(Nf4State.SUFFIX));
  }

  /// The type that a weight had before it was quantised; empty if it is not stored in NF4.
  public static Optional<DType> typeOf(String weight, Checkpoint checkpoint) {
    return Nf4State.isOf(weight, checkpoint)
        ? Optional.of(Nf4State.read(weight, checkpoint).type())
        : Optional.empty();
  }

  /// A matrix over a checkpoint's bytes, in the scope that is open; empty if the weight is not
  /// stored in NF4.
  static Optional<Nf4Matrix> read(String weight, Checkpoint checkpoint) {
    if (!Nf4State.isOf(weight, checkpoint)) {
      return Optional.empty();
    }
    var state = Nf4State.read(weight, checkpoint);
    state
        .parts()
        .forEach((suffix, part) -> {
          var info = checkpoint.info(weight + suffix);
          if (info.dtype() != part.type() || info.shape().elements() != part.elements()) {
            throw new InputException(
                "%s: %s is %s %s; wanted %,d of %s, as %s says. Fetch the checkpoint again."
                    .formatted(
                        info.file(),
                        info.name(),
                        info.dtype(),
                        info.shape(),
                        part.elements(),
                        part.type(),
                        weight + Nf4State.SUFFIX));
          }
        });
    requireNf4(weight, checkpoint);
    var absmax = flat(weight + ".absmax", checkpoint);
    Nf4Matrix.Scales scales =
        state
            .nested()
            .<Nf4Matrix.Scales>map(nested ->
                new Nf4Matrix.Scales.Coded(
                    absmax,
                    flat(weight + ".nested_quant_map", checkpoint),
                    flat(weight + ".nested_absmax", checkpoint),
                    nested.offset(),
                    nested.blockSize()))
            .orElseGet(() -> new Nf4Matrix.Scales.Exact(absmax));
    var sizes = state.shape().sizes();
    return Optional.of(
        new Nf4Matrix(
            sizes.getFirst(),
            sizes.getLast(),
            state.blockSize(),
            flat(weight, checkpoint),
            scales));
  }

  /// The kernels know NF4's values by heart.
  private static void requireNf4(String weight, Checkpoint checkpoint) {
    float[] map = flat(weight + ".quant_map", checkpoint).toFloats();
    if (!Arrays.equals(map, Nf4.values())) {
      throw new InputException(
          "%s: %s.quant_map has other values than NF4; weights with values of their own are not read."
              .formatted(checkpoint.info(weight).file(), weight));
    }
  }

  private static Tensor flat(String name, Checkpoint checkpoint) {
    var info = checkpoint.info(name);
    return StoredWeights.stored(
        checkpoint.data(name), info.dtype(), new long[] {info.shape().elements()});
  }
}
