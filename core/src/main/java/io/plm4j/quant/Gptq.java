package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Matrices to int4 so that what a layer gives moves little, not what it is made of: the error that
/// a weight's code makes is made good by the weights of its row that have no codes yet, as far as
/// what the layer was given shows that they can.
///
/// Source: Frantar et al. 2023, GPTQ, with columns in their own order.
///
/// Shapes: weights [N, K], moments [K, K].
final class Gptq {
  /// Columns whose errors reach the columns behind them together; a multiple of every group.
  private static final int BLOCK = 128;

  /// Of the mean of the diagonal, added to it: inputs that hardly vary would make up for errors by
  /// enormous weights.
  private static final double DAMPING = 0.01;

  private final Workers workers;

  Gptq(Workers workers) {
    this.workers = workers;
  }

  /// @param moments the sum of x·xᵀ over what the layer was given, of F32
  /// @throws ArithmeticException if a number is not finite
  Int4Matrix int4(Tensor weights, QuantFormat.Int4 format, Tensor moments) {
    long columns = weights.size(1);
    if (!Arrays.equals(moments.shape(), new long[] {columns, columns})) {
      throw new IllegalArgumentException(
          "moments of a matrix with %d columns have the shape %s"
              .formatted(columns, Arrays.toString(moments.shape())));
    }
    var codes = Int4Codes.allocate(weights.size(0), columns, format);
    try (var _ = Scope.open()) {
      var triangle = triangle(moments);
      var rest = weights.to(DType.F32).contiguous(); // columns without codes
      for (long first = 0; first < columns; first += BLOCK) {
        int count = (int) Math.min(BLOCK, columns - first);
        var inside = triangle.narrow(0, first, count).narrow(1, first, count).toFloats();
        var errors = Tensor.uninitialized(DType.F32, rest.size(0), count);
        choose(rest, inside, (int) first, count, codes, errors);
        long behind = rest.size(1) - count;
        if (behind > 0) {
          var reach = triangle.narrow(0, first, count).narrow(1, first + count, behind);
          rest =
              rest.narrow(1, count, behind)
                  .minus(errors.linear(reach.transpose(0, 1).contiguous(), null));
        }
      }
    }
    return codes.matrix();
  }

  /// U with Uᵀ·U = (moments + damping)⁻¹: row k says how the error of column k is made good by
  /// those behind it.
  private static Tensor triangle(Tensor moments) {
    try (var scope = Scope.open()) {
      long columns = moments.size(0);
      var sums = moments.memory();
      double diagonal = 0;
      for (long k = 0; k < columns; k++) {
        diagonal += sums.getAtIndex(ValueLayout.JAVA_FLOAT, k * columns + k);
      }
      double mean = diagonal / columns;
      if (!Double.isFinite(mean)) {
        throw new ArithmeticException("what the layer was given is not finite");
      }
      var damped = moments.times(mean > 0 ? 1 / mean : 0).plus(Tensor.identity(columns, DAMPING));
      return scope.keep(damped.cholesky(false).choleskyInverse().cholesky(true));
    }
  }

  /// Chooses the codes of some columns, each row by itself.
  ///
  /// @param rest [N, columns from `first` on]
  /// @param inside the triangle of these columns, [count, count]
  /// @param errors filled with what the columns behind have to make good, [N, count]
  private void choose(
      Tensor rest, float[] inside, int first, int count, Int4Codes codes, Tensor errors) {
    var in = rest.memory();
    var out = errors.memory();
    long stride = rest.size(1);
    int rows = (int) rest.size(0);
    int group = codes.group();
    workers.run((part, parts) -> {
      // Filled up with zeros to whole groups.
      var values = new float[(count + group - 1) / group * group];
      var wrong = new float[count];
      var chosen = new int[group];
      for (int n = RowProduct.cut(rows, part, parts);
          n < RowProduct.cut(rows, part + 1, parts);
          n++) {
        MemorySegment.copy(in, ValueLayout.JAVA_FLOAT, n * stride * Float.BYTES, values, 0, count);
        for (int from = 0; from < count; from += group) {
          var grid = Int4Grid.of(values, from, group, codes.format().zero());
          Arrays.fill(chosen, grid.zero());
          for (int k = from; k < Math.min(from + group, count); k++) {
            int code = grid.code(values[k]);
            chosen[k - from] = code;
            float error = (values[k] - grid.value(code)) / inside[k * count + k];
            wrong[k] = error;
            for (int j = k + 1; j < count; j++) {
              values[j] -= error * inside[k * count + j];
            }
          }
          codes.put(n, (first + from) / group, grid, chosen);
        }
        MemorySegment.copy(
            wrong, 0, out, ValueLayout.JAVA_FLOAT, (long) n * count * Float.BYTES, count);
      }
    });
  }
}
