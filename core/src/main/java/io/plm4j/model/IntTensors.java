package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.quant.Int4Matrix;
import io.plm4j.quant.Int8Matrix;
import io.plm4j.quant.QuantFormat;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The tensors in which plm4j stores a weight in int8 or int4: the codes under the weight's own
/// name, and `.scales`, `.zeros` and `.shape` beside them.
///
/// Shapes: of int8, codes I8 [rows, columns] and scales F32 [rows]; of int4 with g groups a row,
/// codes U8 [rows, g · group / 2], scales BF16 [rows, g], zeros U8 [rows, g] where groups have
/// zeros of their own, and shape I64 [2], the rows and columns that the weight stands for.
final class IntTensors {
  private static final String SCALES = ".scales";
  private static final String ZEROS = ".zeros";
  private static final String SHAPE = ".shape";

  private IntTensors() {}

  static boolean areIn(Checkpoint checkpoint) {
    return checkpoint.names().stream().anyMatch(name -> name.endsWith(".weight" + SCALES));
  }

  static boolean isOf(String weight, Checkpoint checkpoint) {
    return checkpoint.names().contains(weight + SCALES);
  }

  /// Names, types and shapes of what a weight will be stored in.
  static SequencedMap<String, QuantizedTensors.Stored> layout(
      String weight, Shape shape, QuantFormat format) {
    var layout = new LinkedHashMap<String, QuantizedTensors.Stored>();
    long rows = shape.sizes().getFirst();
    long columns = shape.sizes().getLast();
    switch (format) {
      case QuantFormat.Int8() -> {
        layout.put(weight, new QuantizedTensors.Stored(DType.I8, shape));
        layout.put(weight + SCALES, new QuantizedTensors.Stored(DType.F32, Shape.of(rows)));
      }
      case QuantFormat.Int4(int group, QuantFormat.Zero zero) -> {
        long groups = Int4Matrix.groups(columns, group);
        var one = Shape.of(rows, groups);
        layout.put(
            weight, new QuantizedTensors.Stored(DType.U8, Shape.of(rows, groups * group / 2)));
        layout.put(weight + SCALES, new QuantizedTensors.Stored(DType.BF16, one));
        if (zero == QuantFormat.Zero.OF_GROUP) {
          layout.put(weight + ZEROS, new QuantizedTensors.Stored(DType.U8, one));
        }
        layout.put(weight + SHAPE, new QuantizedTensors.Stored(DType.I64, Shape.of(2)));
      }
      case QuantFormat.Nf4 _ -> throw new IllegalArgumentException("NF4 is no format of integers");
    }
    return layout;
  }

  static List<TensorSource> of(String weight, Int8Matrix matrix) {
    return List.of(
        new TensorSource(
            weight, DType.I8, Shape.of(matrix.rows(), matrix.columns()), matrix.codes()::memory),
        new TensorSource(
            weight + SCALES, DType.F32, Shape.of(matrix.rows()), matrix.scales()::memory));
  }

  static List<TensorSource> of(String weight, Int4Matrix matrix) {
    long groups = Int4Matrix.groups(matrix.columns(), matrix.group());
    var one = Shape.of(matrix.rows(), groups);
    var tensors = new ArrayList<TensorSource>();
    tensors.add(
        new TensorSource(
            weight,
            DType.U8,
            Shape.of(matrix.rows(), groups * matrix.group() / 2),
            matrix.codes()::memory));
    tensors.add(new TensorSource(weight + SCALES, DType.BF16, one, matrix.scales()::memory));
    matrix
        .zeros()
        .ifPresent(
            zeros -> tensors.add(new TensorSource(weight + ZEROS, DType.U8, one, zeros::memory)));
    long[] shape = {matrix.rows(), matrix.columns()};
    tensors.add(
        new TensorSource(
            weight + SHAPE, DType.I64, Shape.of(2), () -> MemorySegment.ofArray(shape)));
    return tensors;
  }

  /// What is stored of a weight, checked against itself.
  ///
  /// @param weight one that [#isOf] knows
  static QuantizedTensors.Found find(String weight, Checkpoint checkpoint) {
    var format = format(weight, checkpoint);
    var shape = shape(weight, checkpoint);
    var layout = layout(weight, shape, format);
    var missing =
        layout.keySet().stream().filter(name -> !checkpoint.names().contains(name)).toList();
    layout.forEach((name, wanted) -> {
      if (missing.contains(name)) {
        return;
      }
      var info = checkpoint.info(name);
      if (info.dtype() != wanted.type() || !info.shape().equals(wanted.shape())) {
        throw new InputException(
            "%s: %s is %s %s; wanted %s %s, as the other tensors of %s have it. Quantise the model again."
                .formatted(
                    info.file(),
                    name,
                    info.dtype(),
                    info.shape(),
                    wanted.type(),
                    wanted.shape(),
                    weight));
      }
    });
    return new QuantizedTensors.Found(shape, format, List.copyOf(layout.keySet()));
  }

  private static QuantFormat format(String weight, Checkpoint checkpoint) {
    var codes = checkpoint.info(weight);
    var scales = checkpoint.info(weight + SCALES);
    if (codes.dtype() == DType.I8) {
      return QuantFormat.INT8;
    }
    var zero =
        checkpoint.names().contains(weight + ZEROS)
            ? QuantFormat.Zero.OF_GROUP
            : QuantFormat.Zero.MIDDLE;
    if (codes.dtype() == DType.U8 && codes.shape().rank() == 2 && scales.shape().rank() == 2) {
      long bytes = codes.shape().sizes().getLast();
      long groups = scales.shape().sizes().getLast();
      for (int group : new int[] {32, 64, 128}) {
        if (bytes == groups * group / 2) {
          return new QuantFormat.Int4(group, zero);
        }
      }
    }
    throw new InputException(
        "%s: %s is %s %s and has scales of %s %s; wanted I8, or U8 in groups of 32, 64 or 128. Quantise the model again."
            .formatted(
                codes.file(),
                weight,
                codes.dtype(),
                codes.shape(),
                scales.dtype(),
                scales.shape()));
  }

  private static Shape shape(String weight, Checkpoint checkpoint) {
    var codes = checkpoint.info(weight);
    if (codes.dtype() == DType.I8 && codes.shape().rank() == 2) {
      return codes.shape();
    }
    var info = checkpoint.info(weight + SHAPE);
    if (info.dtype() == DType.I64 && info.shape().equals(Shape.of(2))) {
      var data = checkpoint.data(info.name());
      long rows = data.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
      long columns = data.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES);
      if (rows > 0 && columns > 0 && rows <= 1L << 31 && columns <= 1L << 31) {
        return Shape.of(rows, columns);
      }
    }
    throw new InputException(
        "%s: %s is not the two sizes of a matrix. Quantise the model again."
            .formatted(info.file(), info.name()));
  }

  /// A matrix over a checkpoint's bytes, in the scope that is open.
  static QuantizedMatrix read(String weight, Checkpoint checkpoint) {
    var found = find(weight, checkpoint);
    long rows = found.shape().sizes().getFirst();
    long columns = found.shape().sizes().getLast();
    var codes = tensor(weight, checkpoint);
    var scales = tensor(weight + SCALES, checkpoint);
    return switch (found.format()) {
      case QuantFormat.Int8() -> new Int8Matrix(rows, columns, codes, scales);
      case QuantFormat.Int4(int group, QuantFormat.Zero zero) -> {
        Optional<Tensor> zeros =
            zero == QuantFormat.Zero.OF_GROUP
                ? Optional.of(tensor(weight + ZEROS, checkpoint))
                : Optional.empty();
        yield new Int4Matrix(rows, columns, group, codes, scales, zeros);
      }
      case QuantFormat.Nf4 _ -> throw new IllegalStateException("NF4 is no format of integers");
    };
  }

  private static Tensor tensor(String name, Checkpoint checkpoint) {
    var info = checkpoint.info(name);
    return StoredWeights.stored(checkpoint.data(name), info.dtype(), info.shape().toArray());
  }
}
