package io.plm4j.train.stage;

import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Tensors that are computed on their way into a file, one at a time: memory is that of the
/// largest, and is given back when the next is asked for. For one thread.
///
/// A tensor's numbers follow from the seed and from its name, not from which others there are.
final class NewNumbers implements AutoCloseable {
  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final DType type;
  private final long seed;
  private Arena passing = Arena.ofConfined();

  /// @param type of all tensors: F32, BF16 or F16
  @SuppressWarnings("MustBeClosedChecker") // closed with this
  NewNumbers(DType type, long seed) {
    this.type = type;
    this.seed = seed;
  }

  /// A tensor of numbers that are drawn.
  TensorSource drawn(String name, Shape shape, Draw draw) {
    return new TensorSource(
        name,
        type,
        shape,
        () -> {
          var random = GENERATORS.create(seed * 0x9E3779B97F4A7C15L + name.hashCode());
          return fill(shape.elements(), _ -> (float) draw.next(random));
        });
  }

  /// A tensor of numbers that are known.
  TensorSource given(String name, Shape shape, float[] values) {
    return new TensorSource(
        name, type, shape, () -> fill(values.length, at -> values[Math.toIntExact(at)]));
  }

  private interface Numbers {
    float at(long index);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the next call, or with this
  private MemorySegment fill(long elements, Numbers numbers) {
    passing.close();
    passing = Arena.ofConfined();
    var segment = passing.allocate(elements * type.bytes(), 64);
    for (long i = 0; i < elements; i++) {
      float value = numbers.at(i);
      switch (type) {
        case F32 -> segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        case BF16 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i, brain(value));
        case F16 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        case F64, I64, I32, I16, I8, U8, BOOL ->
            throw new IllegalArgumentException("weights are never " + type);
      }
    }
    return segment;
  }

  /// To the nearest, in the middle to the even one; none of the numbers here is NaN.
  private static short brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  @Override
  public void close() {
    passing.close();
  }
}
