package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.plm4j.tensor.DType;
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

  /// Whether the registers of this machine are of a size that the kernels over packed weights are
  /// written for: as many bytes as lanes must be a register of their own.
  static boolean fitBytes() {
    return F.length() == 8 || F.length() == 16;
  }

  /// As many bytes as there are lanes, as integers from 0 to 255.
  static IntVector unsigned(MemorySegment memory, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(QUARTER, memory, at, LITTLE_ENDIAN)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, IntVector.SPECIES_PREFERRED, 0);
  }

  static FloatVector floats(IntVector integers) {
    return (FloatVector) integers.convertShape(VectorOperators.I2F, F, 0);
  }

  /// Writes numbers as floats, or as bf16 rounded to nearest even.
  ///
  /// @param at index of the first
  static void store(FloatVector values, DType type, MemorySegment out, long at) {
    if (type == DType.F32) {
      values.intoMemorySegment(out, at * Float.BYTES, LITTLE_ENDIAN);
      return;
    }
    var bits = values.reinterpretAsInts();
    var tie = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    var rounded = bits.add(0x7fff).add(tie).lanewise(VectorOperators.LSHR, 16);
    ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
        .intoMemorySegment(out, at * Short.BYTES, LITTLE_ENDIAN);
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

  /// As many bytes as there are lanes, as floats from -128 to 127.
  ///
  /// @param at in bytes
  static FloatVector signed(MemorySegment memory, long at) {
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
