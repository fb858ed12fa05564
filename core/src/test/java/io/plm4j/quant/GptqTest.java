package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GptqTest {
  private final Kernels kernels = Kernels.create(2);

  private static QuantFormat.Int4 format(String text) {
    return (QuantFormat.Int4) QuantFormat.of(text).orElseThrow();
  }

  /// Of vectors whose numbers depend on each other: each is half of the one before.
  private static Tensor moments(Tensor x) {
    var transposed = x.transpose(0, 1).contiguous();
    return transposed.linear(transposed, null);
  }

  private static Tensor inputs(int count, int columns) {
    float[] numbers = RandomTensor.of(7, count, columns).toFloats();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += i % columns == 0 ? 0 : 0.9f * numbers[i - 1];
    }
    return Tensor.of(numbers, count, columns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int4:32", "int4:64z", "int4:128"})
  void inputsThatDoNotDependOnEachOtherGiveTheNearestCodes(String text) {
    try (var _ = Scope.open()) {
      var weights = RandomTensor.of(1, 9, 200);
      var matrix = (Int4Matrix) kernels.quantize(weights, format(text), Tensor.identity(200, 3));
      var nearest = (Int4Matrix) kernels.quantize(weights, format(text));
      assertThat(kernels.dequantize(matrix, DType.F32).toFloats())
          .containsExactly(kernels.dequantize(nearest, DType.F32).toFloats());
      assertThat(matrix.codes().memory().mismatch(nearest.codes().memory())).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int4:32", "int4:32z", "int4:64", "int4:128z"})
  void whatALayerGivesMovesLessThanWithTheNearestCodes(String text) {
    try (var _ = Scope.open()) {
      var weights = RandomTensor.of(1, 40, 300);
      var x = inputs(1000, 300);
      var given = x.linear(weights, null);
      var chosen = kernels.quantize(weights, format(text), moments(x));
      var nearest = kernels.quantize(weights, format(text));
      double moved = x.linear(kernels.dequantize(chosen, DType.F32), null).minus(given).fullNorm();
      double before =
          x.linear(kernels.dequantize(nearest, DType.F32), null).minus(given).fullNorm();
      assertThat(moved).isLessThan(0.75 * before);
      assertThat(kernels.error(weights, chosen).relative())
          .as("weights themselves move more")
          .isGreaterThan(kernels.error(weights, nearest).relative());
    }
  }

  /// The rule itself, one column after the other, in 64 bits: the error of a column goes to those
  /// behind it by the inverse of what is left of the moments, of which the column is then taken
  /// out.
  @ParameterizedTest
  @ValueSource(ints = {40, 130, 290})
  void itIsTheRuleOfOptimalBrainSurgery(int columns) {
    try (var _ = Scope.open()) {
      int rows = 3;
      var format = format("int4:32");
      var weights = RandomTensor.of(5, rows, columns);
      var moments = moments(inputs(2 * columns, columns));
      var found = (Int4Matrix) kernels.quantize(weights, format, moments);
      float[] wanted = bySurgery(weights.toFloats(), rows, columns, moments.toFloats());
      float[] numbers = kernels.dequantize(found, DType.F32).toFloats();
      int different = 0;
      for (int i = 0; i < wanted.length; i++) {
        different += wanted[i] == numbers[i] ? 0 : 1;
      }
      // A number may lie half way between two codes, to the last bit of 32.
      assertThat(different).isLessThanOrEqualTo(wanted.length / 100);
    }
  }

  private static float[] bySurgery(float[] weights, int rows, int columns, float[] moments) {
    double mean = 0;
    for (int k = 0; k < columns; k++) {
      mean += moments[k * columns + k] / columns;
    }
    double[][] left = new double[columns][columns];
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        left[i][j] = moments[i * columns + j] / mean + (i == j ? 0.01 : 0);
      }
    }
    left = inverse(left);
    double[] w = new double[weights.length];
    for (int i = 0; i < w.length; i++) {
      w[i] = weights[i];
    }
    var grids = new Int4Grid[rows];
    for (int k = 0; k < columns; k++) {
      for (int n = 0; n < rows; n++) {
        if (k % 32 == 0) {
          float[] group = new float[32];
          for (int i = k; i < Math.min(k + 32, columns); i++) {
            group[i - k] = (float) w[n * columns + i];
          }
          grids[n] = Int4Grid.of(group, 0, 32, QuantFormat.Zero.MIDDLE);
        }
        double value = w[n * columns + k];
        double number = grids[n].value(grids[n].code((float) value));
        for (int j = k + 1; j < columns; j++) {
          w[n * columns + j] -= (value - number) / left[k][k] * left[k][j];
        }
        w[n * columns + k] = number;
      }
      for (int i = k + 1; i < columns; i++) {
        for (int j = k + 1; j < columns; j++) {
          left[i][j] -= left[i][k] * left[k][j] / left[k][k];
        }
      }
    }
    float[] result = new float[w.length];
    for (int i = 0; i < w.length; i++) {
      result[i] = (float) w[i];
    }
    return result;
  }

  /// By Gauss and Jordan; the matrix is positive definite, so no rows are exchanged.
  private static double[][] inverse(double[][] matrix) {
    int size = matrix.length;
    double[][] inverse = new double[size][size];
    for (int i = 0; i < size; i++) {
      inverse[i][i] = 1;
    }
    for (int k = 0; k < size; k++) {
      double pivot = matrix[k][k];
      for (int j = 0; j < size; j++) {
        matrix[k][j] /= pivot;
        inverse[k][j] /= pivot;
      }
      for (int i = 0; i < size; i++) {
        double factor = matrix[i][k];
        for (int j = 0; i != k && j < size; j++) {
          matrix[i][j] -= factor * matrix[k][j];
          inverse[i][j] -= factor * inverse[k][j];
        }
      }
    }
    return inverse;
  }

  @Test
  void momentsOfAnotherLayerAndNumbersThatAreNoneAreRefused() {
    try (var _ = Scope.open()) {
      var weights = RandomTensor.of(1, 4, 64);
      assertThatThrownBy(() -> kernels.quantize(weights, QuantFormat.INT4, Tensor.identity(32, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64 columns");
      assertThatThrownBy(
              () -> kernels.quantize(weights, QuantFormat.INT4, Tensor.identity(64, Double.NaN)))
          .isInstanceOf(ArithmeticException.class);
    }
  }
}
