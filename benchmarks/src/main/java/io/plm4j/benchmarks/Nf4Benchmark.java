package io.plm4j.benchmarks;

import io.plm4j.quant.Kernels;
import io.plm4j.quant.Nf4Matrix;
import io.plm4j.quant.Nf4Scales;
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

/// NF4 of a feed-forward matrix of 3B, both ways: divide its 25,165,824 weights by the time.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class Nf4Benchmark {
  private static final int ROWS = 8192;
  private static final int COLUMNS = 3072;

  @Param({"BF16", "F32"})
  public DType type = DType.BF16;

  private final Kernels kernels = Kernels.create(Runtime.getRuntime().availableProcessors());
  private final Shapes shapes = new Shapes();
  private final Owner owner = new Owner();
  private final Tensor weights = shapes.random(DType.F32, ROWS, COLUMNS);
  private Tensor typed = weights;
  private Nf4Matrix matrix = kernels.quantize(weights, Nf4Scales.QUANTIZED).heldBy(owner);

  @Setup(Level.Trial)
  public void setUp() {
    try (var _ = Scope.open()) {
      typed = owner.hold(weights.to(type));
      matrix = kernels.quantize(weights, Nf4Scales.QUANTIZED).heldBy(owner);
    }
  }

  @TearDown
  public void tearDown() {
    kernels.close();
    owner.close();
    shapes.close();
  }

  @Benchmark
  public Tensor dequantize() {
    try (var _ = Scope.open()) {
      return kernels.dequantize(matrix, type);
    }
  }

  @Benchmark
  public Nf4Matrix quantize() {
    try (var _ = Scope.open()) {
      return kernels.quantize(typed, Nf4Scales.QUANTIZED);
    }
  }

  /// What a copy of the result costs, as the bound of [#dequantize].
  @Benchmark
  public Tensor copy() {
    try (var _ = Scope.open()) {
      return Tensor.uninitialized(type, ROWS, COLUMNS).copyFrom(typed);
    }
  }
}
