package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is done with matrices in few bits: made, made dense, multiplied with.
///
/// A few rows of x meet the codes themselves: memory is read once, and little of it. Many rows of
/// bf16 are rounded to eight bits where the processor multiplies those. Else the matrix is made
/// dense, some rows of it at a time in memory that is used again and again, and libtorch
/// multiplies.
final class PackedProducts implements AutoCloseable {
  /// Of a dense block: large enough for libtorch's full speed, small enough for a large cache.
  private static final long BLOCK_BYTES = 16 << 20;

  private final int rowsAtMost;
  private final PackedKernel kernel;
  private final @Nullable NativeBytes many;
  private final Nf4Transform nf4;
  private final IntPacking packing;
  private final Workers workers;
  private final Owner owner = new Owner();
  private @Nullable Tensor block;

  /// @param rowsAtMost rows of x up to which the codes are multiplied themselves; 0 to leave all
  ///   products to libtorch, which then remembers what a gradient needs
  /// @param many of more rows; null to round none
  PackedProducts(
      int rowsAtMost,
      PackedKernel kernel,
      @Nullable NativeBytes many,
      Nf4Transform nf4,
      Workers workers) {
    this.rowsAtMost = rowsAtMost;
    this.kernel = kernel;
    this.many = many;
    this.nf4 = nf4;
    this.workers = workers;
    packing = new IntPacking(workers);
  }

  static PackedKernel kernel(boolean vectorApi) {
    return vectorApi && Lanes.fitBytes() ? new VectorPackedKernel() : new PlainPackedKernel();
  }

  QuantizedMatrix quantize(Tensor weights, QuantFormat format) {
    return switch (format) {
      case QuantFormat.Int8() -> packing.int8(weights);
      case QuantFormat.Int4 int4 -> packing.int4(weights, int4);
      case QuantFormat.Nf4(Nf4Scales scales) -> nf4.quantize(weights, scales);
    };
  }

  /// @param moments what the layer was given
  QuantizedMatrix quantize(Tensor weights, QuantFormat format, Tensor moments) {
    return format instanceof QuantFormat.Int4 int4
        ? new Gptq(workers).int4(weights, int4, moments)
        : quantize(weights, format);
  }

  Tensor dequantize(QuantizedMatrix matrix, DType type) {
    requireDense(type);
    return switch (matrix) {
      case Nf4Matrix inNf4 -> nf4.dequantize(inNf4, type);
      case Int8Matrix _, Int4Matrix _ -> {
        var result = Tensor.uninitialized(type, matrix.rows(), matrix.columns());
        dense(matrix, 0, (int) matrix.rows(), result);
        yield result;
      }
    };
  }

  private static void requireDense(DType type) {
    if (type != DType.F32 && type != DType.BF16) {
      throw new IllegalArgumentException("quantised weights become F32 or BF16, not " + type);
    }
  }

  /// `x · matrixᵀ + bias`.
  Tensor product(Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias) {
    long rows = x.elements() / Math.max(1, x.size(-1));
    if (rows <= rowsAtMost && isDirect(matrix)) {
      return rowProduct(x, matrix, bias);
    }
    if (many != null && rows > 0 && NativeBytes.multiplies(x.dtype(), matrix)) {
      return many.product(x, matrix, bias, workers);
    }
    try (var scope = Scope.open()) {
      var type = blockType(x.dtype());
      long blockRows = blockRows(matrix, type);
      // What is remembered for a gradient must not be overwritten by the next product.
      if (rowsAtMost == 0 || blockRows == 0) {
        return scope.keep(x.linear(dequantize(matrix, x.dtype()), bias));
      }
      var sameType = bias == null ? null : bias.to(type);
      return scope.keep(blockProduct(x.to(type), matrix, sameType, blockRows).to(x.dtype()));
    }
  }

  private static DType blockType(DType type) {
    return type == DType.BF16 && !Tensor.multipliesBf16() ? DType.F32 : type;
  }

  /// Whether a row of the matrix is made of whole bytes and blocks.
  static boolean isDirect(QuantizedMatrix matrix) {
    return switch (matrix) {
      case Int8Matrix _, Int4Matrix _ -> true;
      // The kernels find a block's scale by shifting.
      case Nf4Matrix inNf4 ->
          inNf4.columns() % inNf4.blockSize() == 0 && Integer.bitCount(inNf4.blockSize()) == 1;
    };
  }

  /// Rows of a dense block; 0 where the matrix cannot be cut by rows.
  private static long blockRows(QuantizedMatrix matrix, DType type) {
    long fit = BLOCK_BYTES / Math.max(1, matrix.columns() * type.bytes());
    return isDirect(matrix) ? Math.clamp(fit / 64 * 64, 64, Math.max(64, matrix.rows())) : 0;
  }

  private Tensor rowProduct(Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias) {
    float[][] rows = RowProduct.rows(x);
    RowProduct.Columns columns =
        switch (matrix) {
          case Int8Matrix int8 -> kernel.int8(rows, PackedKernel.Bytes.of(int8));
          case Int4Matrix int4 -> kernel.int4(rows, PackedKernel.Groups.of(int4));
          case Nf4Matrix inNf4 -> kernel.nf4(rows, PackedKernel.Blocks.of(inNf4));
        };
    return RowProduct.of(x, (int) matrix.rows(), bias, workers, columns);
  }

  private Tensor blockProduct(
      Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias, long blockRows) {
    long[] shape = x.shape();
    shape[shape.length - 1] = matrix.rows();
    var y = Tensor.uninitialized(x.dtype(), shape);
    for (long from = 0; from < matrix.rows(); from += blockRows) {
      long count = Math.min(blockRows, matrix.rows() - from);
      try (var _ = Scope.open()) {
        var weights = block(x.dtype(), count, matrix.columns());
        dense(matrix, (int) from, (int) (from + count), weights);
        var part = x.linear(weights, bias == null ? null : bias.narrow(0, from, count));
        y.narrow(-1, from, count).copyFrom(part);
      }
    }
    return y;
  }

  /// Memory for a block, in which an older one may lie.
  private Tensor block(DType type, long rows, long columns) {
    long numbers = rows * columns;
    var there = block;
    if (there == null || there.dtype() != type || there.elements() < numbers) {
      long room = Math.max(numbers, BLOCK_BYTES / type.bytes());
      there = owner.hold(Tensor.uninitialized(type, room));
      block = there;
    }
    return there.narrow(0, 0, numbers).reshape(rows, columns);
  }

  private void dense(QuantizedMatrix matrix, int first, int end, Tensor out) {
    var memory = out.memory();
    var type = out.dtype();
    long rowBytes = matrix.columns() * type.bytes();
    switch (matrix) {
      case Nf4Matrix inNf4 -> nf4.dequantize(inNf4, type, first, end, memory);
      case Int8Matrix int8 -> {
        var w = PackedKernel.Bytes.of(int8);
        share(
            first,
            end,
            (from, to) ->
                kernel.dense(w, from, to, type, memory.asSlice((from - first) * rowBytes)));
      }
      case Int4Matrix int4 -> {
        var w = PackedKernel.Groups.of(int4);
        share(
            first,
            end,
            (from, to) ->
                kernel.dense(w, from, to, type, memory.asSlice((from - first) * rowBytes)));
      }
    }
  }

  QuantError error(Tensor weights, QuantizedMatrix matrix) {
    long rows = matrix.rows();
    long blockRows = blockRows(matrix, DType.F32);
    if (blockRows == 0) {
      try (var _ = Scope.open()) {
        return difference(weights, dequantize(matrix, DType.F32));
      }
    }
    var sum = QuantError.NONE;
    for (long from = 0; from < rows; from += blockRows) {
      long count = Math.min(blockRows, rows - from);
      try (var _ = Scope.open()) {
        var dense = block(DType.F32, count, matrix.columns());
        dense(matrix, (int) from, (int) (from + count), dense);
        sum = sum.plus(difference(weights.narrow(0, from, count), dense));
      }
    }
    return sum;
  }

  private QuantError difference(Tensor exact, Tensor dense) {
    var given = exact.memory();
    var found = dense.memory();
    var type = exact.dtype();
    var sums = new QuantError[workers.parts()];
    int rows = (int) exact.size(0);
    int columns = (int) exact.size(1);
    workers.run((part, parts) -> {
      var values = new float[columns];
      double squares = 0;
      double weights = 0;
      double worst = 0;
      for (int n = RowProduct.cut(rows, part, parts);
          n < RowProduct.cut(rows, part + 1, parts);
          n++) {
        Nf4Transform.read(given, type, (long) n * columns, values, columns);
        for (int k = 0; k < columns; k++) {
          double difference =
              values[k] - found.getAtIndex(ValueLayout.JAVA_FLOAT, (long) n * columns + k);
          squares += difference * difference;
          weights += (double) values[k] * values[k];
          worst = Math.max(worst, Math.abs(difference));
        }
      }
      sums[part] = new QuantError(squares, weights, worst);
    });
    return Arrays.stream(sums).reduce(QuantError.NONE, QuantError::plus);
  }

  /// What is done with rows `from` to `to - 1`.
  @FunctionalInterface
  private interface Rows {
    void accept(int from, int to);
  }

  private void share(int first, int end, Rows rows) {
    workers.run((part, parts) ->
        rows.accept(
            first + RowProduct.cut(end - first, part, parts),
            first + RowProduct.cut(end - first, part + 1, parts)));
  }

  @Override
  public void close() {
    owner.close();
  }
}
