package io.plm4j.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// NF4 as it is defined, weight by weight; the twin that the fast kernel is held to. It also takes
/// what is left of a matrix behind its last whole block.
final class PlainNf4Kernel implements Nf4Kernel {
  @Override
  public void toBf16(
      MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out) {
    for (int i = 0; i < blocks * blockSize; i++) {
      out.setAtIndex(
          ValueLayout.JAVA_SHORT, i, Bf16.fromFloat(value(codes, i) * scales[i / blockSize]));
    }
  }

  @Override
  public void toF32(
      MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out) {
    for (int i = 0; i < blocks * blockSize; i++) {
      out.setAtIndex(ValueLayout.JAVA_FLOAT, i, value(codes, i) * scales[i / blockSize]);
    }
  }

  private static float value(MemorySegment codes, int i) {
    int pair = codes.get(ValueLayout.JAVA_BYTE, i / 2) & 0xff;
    return Nf4.VALUES[i % 2 == 0 ? pair >> 4 : pair & 15];
  }

  @Override
  public void toCodes(
      float[] numbers, float[] scales, int blocks, int blockSize, MemorySegment codes) {
    for (int block = 0; block < blocks; block++) {
      int from = block * blockSize;
      float largest = 0;
      for (int i = from; i < from + blockSize; i++) {
        largest = Math.max(largest, Math.abs(numbers[i]));
      }
      scales[block] = largest;
      // The reference multiplies by the reciprocal, which decides some ties.
      float inverse = 1 / largest;
      for (int i = from; i < from + blockSize; i += 2) {
        int upper = Nf4.code(numbers[i] * inverse);
        int lower = Nf4.code(numbers[i + 1] * inverse);
        codes.set(ValueLayout.JAVA_BYTE, i / 2, (byte) (upper << 4 | lower));
      }
    }
  }
}
