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
    FULL,
    /// In 8 bits, with a scale for every 256 of them; in 32 where there are few.
    EIGHT_BIT
  }

  /// Parameters with fewer elements have moments of 32 bits in any case: they take little memory,
  /// and are mostly gains and biases, on which much depends. The number is bitsandbytes'.
  int FEWEST_IN_EIGHT_BITS = 4096;

  static Moments of(Kind kind, long elements, Owner owner) {
    return switch (kind) {
      case FULL -> Full.zeros(elements, owner);
      case EIGHT_BIT ->
          elements < FEWEST_IN_EIGHT_BITS
              ? Full.zeros(elements, owner)
              : EightBit.zeros(elements, owner);
    };
  }

  /// Elements that a thread takes at a time: whole blocks of [EightBitNumbers].
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
    static Full zeros(long elements, Owner owner) {
      return new Full(
          owner.hold(Tensor.zeros(DType.F32, elements)),
          owner.hold(Tensor.zeros(DType.F32, elements)));
    }

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

  /// Means that are rounded to eight bits after every step.
  ///
  /// Source: Dettmers et al. 2022, 8-bit Optimizers via Block-wise Quantization; blocks, numbers
  /// and scales are those of bitsandbytes' AdamW8bit.
  record EightBit(EightBitNumbers mean, EightBitNumbers squares) implements Moments {
    static EightBit zeros(long elements, Owner owner) {
      return new EightBit(
          EightBitNumbers.zeros(EightBitCode.SIGNED, elements, owner),
          EightBitNumbers.zeros(EightBitCode.POSITIVE, elements, owner));
    }

    @Override
    public void step(MemorySegment weights, MemorySegment gradient, Update update) {
      eachChunk(
          weights,
          (from, n) -> {
            var w = floats(weights, from, n);
            var ms = mean.read(from, n);
            var vs = squares.read(from, n);
            update.apply(w, ms, vs, floats(gradient, from, n), n);
            store(w, weights, from);
            mean.write(ms, from);
            squares.write(vs, from);
          });
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var all = new TreeMap<String, Tensor>();
      all.put("exp_avg", mean.codes());
      all.put("exp_avg.absmax", mean.scales());
      all.put("exp_avg_sq", squares.codes());
      all.put("exp_avg_sq.absmax", squares.scales());
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
