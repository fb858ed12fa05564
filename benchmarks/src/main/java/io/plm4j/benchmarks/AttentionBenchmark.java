package io.plm4j.benchmarks;

import io.plm4j.quant.Kernels;
import io.plm4j.tensor.AttentionMask;
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

/// Attention of the vision tower and of a prompt's chunk, ours beside libtorch's in 32 bits.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class AttentionBenchmark {
  /// What is attended to, as the published models do.
  public enum Case {
    /// One tile of 1B's and 3B's tower.
    TILE(16, 16, 1025, 1025, 64),
    /// A short prompt of 3B.
    PROMPT(24, 8, 310, 310, 128),
    /// The last chunk of a prompt with 37 tiles, in 3B.
    LAST_CHUNK(24, 8, 1024, 9728, 128);

    private final int heads;
    private final int keyHeads;
    private final int queries;
    private final int keys;
    private final int dim;

    Case(int heads, int keyHeads, int queries, int keys, int dim) {
      this.heads = heads;
      this.keyHeads = keyHeads;
      this.queries = queries;
      this.keys = keys;
      this.dim = dim;
    }

    AttentionMask mask() {
      return this == TILE ? AttentionMask.full() : AttentionMask.causal(keys - queries);
    }
  }

  @Param public Case shape = Case.TILE;

  private final Kernels kernels = Kernels.create(Runtime.getRuntime().availableProcessors());
  private final Shapes shapes = new Shapes();
  private Tensor q = shapes.random(DType.F32, 1, 1);
  private Tensor k = q;
  private Tensor v = q;

  @Setup(Level.Trial)
  public void setUp() {
    Tensor.setThreads(kernels.threads());
    q = shapes.random(DType.F32, 1, shape.heads, shape.queries, shape.dim);
    k = shapes.random(DType.BF16, 1, shape.keyHeads, shape.keys, shape.dim);
    v = shapes.random(DType.BF16, 1, shape.keyHeads, shape.keys, shape.dim);
  }

  @TearDown
  public void tearDown() {
    kernels.close();
    shapes.close();
  }

  @Benchmark
  public Tensor plm4j() {
    try (var _ = Scope.open()) {
      return kernels.attention(q, k, v, shape.mask(), DType.BF16);
    }
  }

  @Benchmark
  public Tensor libtorch() {
    try (var _ = Scope.open()) {
      return Tensor.attention(q, k, v, shape.mask()).to(DType.BF16);
    }
  }
}
