package io.plm4j.train.optimizer;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// The running means of a parameter's gradients and of their squares.
public sealed interface Moments {
  /// How they are stored.
  enum Kind {
    /// In 32 bits each.
    FULL
  }

  static Moments of(Kind kind, long elements, Owner owner) {
    return switch (kind) {
      case FULL ->
          new Full(
              owner.hold(Tensor.zeros(DType.F32, elements)),
              owner.hold(Tensor.zeros(DType.F32, elements)));
    };
  }

  /// Elements that a thread takes at a time.
  int CHUNK = 1 << 14;

  /// Takes a step.
  ///
  /// @param weights F32, overwritten
  /// @param gradient F32
  void step(MemorySegment weights, MemorySegment gradient, Update update);

  /// What a run needs to go on; shares memory with this.
  SequencedMap<String, Tensor> tensors();

  /// @param mean [elements] of F32, and so the squares
  record Full(Tensor mean, Tensor squares) implements Moments {
    @Override
    public void step(MemorySegment weights, MemorySegment gradient, Update update) {
      var m = mean.memory();
      var v = squares.memory();
      eachChunk(
          weights,
          (from, n) -> {
            var w = floats(weights, from, n);
            var ms = floats(m, from, n);
            var vs = floats(v, from, n);
            update.apply(w, ms, vs, floats(gradient, from, n), n);
            store(w, weights, from);
            store(ms, m, from);
            store(vs, v, from);
          });
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var all = new TreeMap<String, Tensor>();
      all.put("exp_avg", mean);
      all.put("exp_avg_sq", squares);
      return all;
    }
  }

  /// What is done to elements `from` to `from + n`, on any thread.
  @FunctionalInterface
  interface ChunkTask {
    void run(long from, int n);
  }

  /// Chunks do not touch each other's elements, so that their order changes nothing.
  static void eachChunk(MemorySegment weights, ChunkTask task) {
    long elements = weights.byteSize() / Float.BYTES;
    LongStream.range(0, (elements + CHUNK - 1) / CHUNK)
        .parallel()
        .forEach(i -> task.run(i * CHUNK, (int) Math.min(CHUNK, elements - i * CHUNK)));
  }

  private static float[] floats(MemorySegment memory, long from, int n) {
    return memory
        .asSlice(from * Float.BYTES, (long) n * Float.BYTES)
        .toArray(ValueLayout.JAVA_FLOAT);
  }

  private static void store(float[] values, MemorySegment memory, long from) {
    MemorySegment.copy(
        values, 0, memory, ValueLayout.JAVA_FLOAT, from * Float.BYTES, values.length);
  }
}
