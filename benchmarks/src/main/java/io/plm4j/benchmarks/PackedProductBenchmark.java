package io.plm4j.benchmarks;

import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantFormat;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
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

/// Products with matrices in few bits: of a few rows with the codes themselves, of many with dense
/// blocks. [RowProductBenchmark] has the dense ones to compare with; a decoding step's time over
/// the matrix's bytes is the memory speed reached.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class PackedProductBenchmark {
  /// Rows and columns: 3B's query and feed-forward matrices.
  @Param({"3072x3072", "8192x3072", "3072x8192"})
  public String matrix = "";

  @Param({"int8", "int4:32", "int4:64", "int4:128", "int4:64z", "nf4"})
  public String format = "int8";

  /// 1, 4 and 8 are decoded, 512 are a prompt.
  @Param({"1", "4", "8", "512"})
  public int rows = 1;

  private final Kernels kernels = Kernels.create(Runtime.getRuntime().availableProcessors());
  private final Shapes shapes = new Shapes();
  private final Owner owner = new Owner();
  private Tensor x = shapes.random(DType.BF16, 1, 1);
  private QuantizedMatrix weight =
      kernels.quantize(shapes.random(DType.F32, 1, 1), QuantFormat.INT8).heldBy(owner);

  @Setup(Level.Trial)
  public void setUp() {
    Tensor.setThreads(kernels.threads());
    int height = Integer.parseInt(matrix.substring(0, matrix.indexOf('x')));
    int width = Integer.parseInt(matrix.substring(matrix.indexOf('x') + 1));
    x = shapes.random(DType.BF16, rows, width);
    try (var _ = Scope.open()) {
      weight =
          kernels
              .quantize(
                  shapes.random(DType.F32, height, width), QuantFormat.of(format).orElseThrow())
              .heldBy(owner);
    }
  }

  @TearDown
  public void tearDown() {
    kernels.close();
    owner.close();
    shapes.close();
  }

  @Benchmark
  public Tensor plm4j() {
    try (var _ = Scope.open()) {
      return kernels.product(x, weight, null);
    }
  }
}
