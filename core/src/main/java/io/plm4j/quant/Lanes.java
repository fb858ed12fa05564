package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// What the vector kernels do with the lanes of a register.
final class Lanes {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /// As many bytes as there are lanes; no vector is shorter than 64 bits.
  private static final VectorSpecies<Byte> QUARTER =
      VectorSpecies.of(
          byte.class, VectorShape.forBitSize(Math.max(Long.SIZE, F.vectorBitSize() / 4)));

  private static final VectorSpecies<Integer> FOUR = IntVector.SPECIES_128;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  // Constants of their own, not an array: the compiler must see each shuffle to make it one
  // instruction.
  private static final VectorShuffle<Float> BY_8 = turn(8);
  private static final VectorShuffle<Float> BY_4 = turn(4);
  private static final VectorShuffle<Float> BY_2 = turn(2);
  private static final VectorShuffle<Float> BY_1 = turn(1);

  private Lanes() {}

  private static VectorShuffle<Float> turn(int distance) {
    return VectorShuffle.fromOp(F, lane -> (lane + distance) % F.length());
  }

  /// The sum of all lanes, halves onto halves. The API's own reduction may add in any order, and
  /// does: compiled code and the interpreter differ in the last bit, so that an answer would depend
  /// on when the compiler came.
  static float sum(FloatVector lanes) {
    var sum = lanes;
    if (F.length() > 16) {
      throw new IllegalStateException("no order is set for vectors of " + F.length() + " floats");
    }
    if (F.length() > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (F.length() > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (F.length() > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  /// As many bf16 numbers as there are lanes, as floats.
  ///
  /// @param at in bytes
  static FloatVector widen(MemorySegment memory, long at) {
    return ShortVector.fromMemorySegment(HALF, memory, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.S2I, IntVector.SPECIES_PREFERRED, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /// As many bytes as there are lanes, as floats.
  ///
  /// @param at in bytes
  static FloatVector widenBytes(MemorySegment memory, long at) {
    if (F.length() == FOUR.length()) {
      return fourBytes(memory.get(INT, at));
    }
    return ByteVector.fromMemorySegment(QUARTER, memory, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.B2F, F, 0)
        .reinterpretAsFloats();
  }

  /// Four bytes are too few for a vector of their own: they are spread from an integer, the lowest
  /// first.
  static FloatVector fourBytes(int bytes) {
    var toTheTop = IntVector.zero(FOUR).addIndex(-Byte.SIZE).add(Integer.SIZE - Byte.SIZE);
    return IntVector.broadcast(FOUR, bytes)
        .lanewise(VectorOperators.LSHL, toTheTop)
        .lanewise(VectorOperators.ASHR, Integer.SIZE - Byte.SIZE)
        .convertShape(VectorOperators.I2F, FloatVector.SPECIES_128, 0)
        .reinterpretAsFloats();
  }
}
