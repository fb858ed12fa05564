package io.plm4j.benchmarks;

import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A few rows times a matrix, ours beside libtorch's, over the matrices of a decoding step. Divide
/// the matrix's bytes by the time for the memory speed reached.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class RowProductBenchmark {
  /// Rows and columns: 3B's query and feed-forward matrices, and the output head of 1B.
  @Param({"3072x3072", "8192x3072", "3072x8192", "128256x2048"})
  public String matrix = "";

  @Param({"BF16", "F32"})
  public DType type = DType.BF16;

  /// Sequences that are decoded together.
  @Param({"1", "4", "8"})
  public int sequences = 1;

  private final Kernels kernels = Kernels.create(Runtime.getRuntime().availableProcessors());
  private final Shapes shapes = new Shapes();
  private Tensor x = shapes.random(type, 1, 1);
  private Tensor weight = x;

  @Setup(Level.Trial)
  public void setUp() {
    Tensor.setThreads(kernels.threads());
    int rows = Integer.parseInt(matrix.substring(0, matrix.indexOf('x')));
    int columns = Integer.parseInt(matrix.substring(matrix.indexOf('x') + 1));
    x = shapes.random(type, sequences, columns);
    weight = shapes.random(type, rows, columns);
  }

  @TearDown
  public void tearDown() {
    kernels.close();
    shapes.close();
  }

  @Benchmark
  public Tensor plm4j() {
    try (var _ = Scope.open()) {
      return kernels.rowProduct(x, weight, null);
    }
  }

  @Benchmark
  public Tensor libtorch() {
    try (var _ = Scope.open()) {
      return x.linear(weight, null);
    }
  }
}
