package io.plm4j.benchmarks;

import io.plm4j.quant.Int8Rows;
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

/// Attention of one token of a layer, over keys and values in bf16 and in 8 bits.
///
/// Caches of several layers take turns, so that none is in the processor's caches when its turn
/// comes, as in a real model.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class QueryAttentionBenchmark {
  private static final int LAYERS = 8;

  /// What is attended to, as the published models do.
  public enum Case {
    /// One tile in 1B and in 3B.
    SHORT_1B(32, 8, 310, 64),
    SHORT_3B(24, 8, 310, 128),
    /// 37 tiles.
    LONG_1B(32, 8, 9728, 64),
    LONG_3B(24, 8, 9728, 128);

    private final int heads;
    private final int keyHeads;
    private final int keys;
    private final int dim;

    Case(int heads, int keyHeads, int keys, int dim) {
      this.heads = heads;
      this.keyHeads = keyHeads;
      this.keys = keys;
      this.dim = dim;
    }
  }

  @Param public Case shape = Case.LONG_3B;

  private final Kernels kernels = Kernels.create(Runtime.getRuntime().availableProcessors());
  private final Shapes shapes = new Shapes();
  private final Tensor[] keys = new Tensor[LAYERS];
  private final Tensor[] values = new Tensor[LAYERS];
  private final Int8Rows[] bytesOfKeys = new Int8Rows[LAYERS];
  private final Int8Rows[] bytesOfValues = new Int8Rows[LAYERS];
  private Tensor q = shapes.random(DType.F32, 1, 1);
  private int layer;

  @Setup(Level.Trial)
  public void setUp() {
    q = shapes.random(DType.F32, 1, shape.heads, 1, shape.dim);
    for (int i = 0; i < LAYERS; i++) {
      keys[i] = shapes.random(DType.BF16, 1, shape.keyHeads, shape.keys, shape.dim);
      values[i] = shapes.random(DType.BF16, 1, shape.keyHeads, shape.keys, shape.dim);
      bytesOfKeys[i] = shapes.int8(keys[i]);
      bytesOfValues[i] = shapes.int8(values[i]);
    }
  }

  @TearDown
  public void tearDown() {
    kernels.close();
    shapes.close();
  }

  @Benchmark
  public Tensor bf16() {
    try (var _ = Scope.open()) {
      layer = (layer + 1) % LAYERS;
      return kernels.queryAttention(q, keys[layer], values[layer], shape.keys);
    }
  }

  @Benchmark
  public Tensor int8() {
    try (var _ = Scope.open()) {
      layer = (layer + 1) % LAYERS;
      return kernels.queryAttention(q, bytesOfKeys[layer], bytesOfValues[layer], shape.keys);
    }
  }
}
