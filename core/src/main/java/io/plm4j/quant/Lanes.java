package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
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
}
