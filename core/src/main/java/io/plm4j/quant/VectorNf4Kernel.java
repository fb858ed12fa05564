package io.plm4j.quant;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// NF4 with the Vector API. A register of sixteen integers is the whole table, so a lookup is one
/// instruction, and a block has so few different numbers that its table is scaled, and rounded to
/// bf16, before the lookups: no weight is multiplied or rounded by itself. With registers of eight
/// the table is two of them.
final class VectorNf4Kernel implements Nf4Kernel {
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = I.length();

  /// As many bytes as there are lanes.
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * LANES)));

  private static final VectorShuffle<Float> ZIP_LOW = zip(0);
  private static final VectorShuffle<Float> ZIP_HIGH = zip(LANES / 2);

  /// The fifteen, and one that is never looked up.
  private static final float[] THRESHOLDS = Arrays.copyOf(Nf4.THRESHOLDS, 16);

  /// Whether the registers of this machine are of a size that the kernel is written for.
  static boolean fits() {
    return LANES == 8 || LANES == 16;
  }

  /// Takes lanes of two vectors by turns, beginning at a lane.
  private static VectorShuffle<Float> zip(int from) {
    return VectorShuffle.fromOp(F, lane -> from + lane / 2 + (lane % 2 == 0 ? 0 : LANES));
  }

  /// What the codes in the lanes stand for.
  ///
  /// @param low the first entries of a table of sixteen, as many as there are lanes
  /// @param high the last entries
  static IntVector select(IntVector codes, IntVector low, IntVector high) {
    if (LANES == 16) {
      return (IntVector) codes.selectFrom(low);
    }
    var index = codes.and(LANES - 1);
    return ((IntVector) index.selectFrom(low))
        .blend(index.selectFrom(high), codes.compare(VectorOperators.GT, LANES - 1));
  }

  private static IntVector bytes(MemorySegment codes, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, codes, at, LITTLE_ENDIAN)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  private static FloatVector table(float[] table, int from, float scale) {
    return FloatVector.fromArray(F, table, from).mul(scale);
  }

  @Override
  public void toBf16(
      MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out) {
    for (int block = 0; block < blocks; block++) {
      var low = rounded(table(Nf4.VALUES, 0, scales[block]));
      var high = rounded(table(Nf4.VALUES, 16 - LANES, scales[block]));
      var lowOdd = low.lanewise(VectorOperators.LSHL, 16);
      var highOdd = high.lanewise(VectorOperators.LSHL, 16);
      int from = block * blockSize / 2;
      for (int at = from; at < from + blockSize / 2; at += LANES) {
        var pairs = bytes(codes, at);
        // Little-endian: the earlier number is the lower half of an integer.
        var even = select(pairs.lanewise(VectorOperators.LSHR, 4), low, high);
        var odd = select(pairs.and(15), lowOdd, highOdd);
        even.or(odd).intoMemorySegment(out, (long) at * Integer.BYTES, LITTLE_ENDIAN);
      }
    }
  }

  /// Floats as bf16 in the lower halves, rounded to nearest even.
  private static IntVector rounded(FloatVector values) {
    var bits = values.reinterpretAsInts();
    var tie = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    return bits.add(0x7fff).add(tie).lanewise(VectorOperators.LSHR, 16);
  }

  @Override
  public void toF32(
      MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out) {
    for (int block = 0; block < blocks; block++) {
      var low = table(Nf4.VALUES, 0, scales[block]).reinterpretAsInts();
      var high = table(Nf4.VALUES, 16 - LANES, scales[block]).reinterpretAsInts();
      int from = block * blockSize / 2;
      for (int at = from; at < from + blockSize / 2; at += LANES) {
        var pairs = bytes(codes, at);
        var even = select(pairs.lanewise(VectorOperators.LSHR, 4), low, high).reinterpretAsFloats();
        var odd = select(pairs.and(15), low, high).reinterpretAsFloats();
        long target = 2L * at * Float.BYTES;
        even.rearrange(ZIP_LOW, odd).intoMemorySegment(out, target, LITTLE_ENDIAN);
        even.rearrange(ZIP_HIGH, odd)
            .intoMemorySegment(out, target + (long) LANES * Float.BYTES, LITTLE_ENDIAN);
      }
    }
  }

  @Override
  public void toCodes(
      float[] numbers, float[] scales, int blocks, int blockSize, MemorySegment codes) {
    var low = FloatVector.fromArray(F, THRESHOLDS, 0).reinterpretAsInts();
    var high = FloatVector.fromArray(F, THRESHOLDS, 16 - LANES).reinterpretAsInts();
    var block = new int[blockSize];
    for (int b = 0; b < blocks; b++) {
      int from = b * blockSize;
      scales[b] = largest(numbers, from, blockSize);
      float inverse = 1 / scales[b];
      for (int i = 0; i < blockSize; i += LANES) {
        codes(FloatVector.fromArray(F, numbers, from + i).mul(inverse), low, high)
            .intoArray(block, i);
      }
      for (int i = 0; i < blockSize; i += 2) {
        codes.set(ValueLayout.JAVA_BYTE, (from + i) / 2, (byte) (block[i] << 4 | block[i + 1]));
      }
    }
  }

  private static float largest(float[] numbers, int from, int count) {
    var largest = FloatVector.zero(F);
    for (int i = from; i < from + count; i += LANES) {
      var magnitude = FloatVector.fromArray(F, numbers, i).abs();
      largest = largest.blend(magnitude, magnitude.compare(VectorOperators.GT, largest));
    }
    // Bits of numbers that are not negative are in the order of the numbers.
    return Float.intBitsToFloat(largest.reinterpretAsInts().reduceLanes(VectorOperators.MAX));
  }

  /// How many thresholds are less than each number, found by halving.
  private static IntVector codes(FloatVector x, IntVector low, IntVector high) {
    var code = IntVector.zero(I);
    for (int step = 8; step > 0; step /= 2) {
      var threshold = select(code.add(step - 1), low, high).reinterpretAsFloats();
      code = code.add(step, x.compare(VectorOperators.GT, threshold).cast(I));
    }
    return code;
  }
}
