package io.plm4j.train.optimizer;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Numbers in eight bits, in blocks that share a scale.
///
/// @param code what the bits mean
/// @param codes [N] of U8
/// @param scales the largest magnitude of each block: [N / 256, rounded up] of F32
record EightBitNumbers(EightBitCode code, Tensor codes, Tensor scales) {
  static final int BLOCK = 256;

  /// As many zeros.
  static EightBitNumbers zeros(EightBitCode code, long count, Owner owner) {
    return new EightBitNumbers(
        code,
        owner.hold(Tensor.zeros(DType.U8, count)),
        owner.hold(Tensor.zeros(DType.F32, Math.ceilDiv(count, BLOCK))));
  }

  /// @param from a multiple of [#BLOCK]
  float[] read(long from, int n) {
    byte[] stored = codes.memory().asSlice(from, n).toArray(ValueLayout.JAVA_BYTE);
    var factors = scales.memory();
    var numbers = new float[n];
    for (int start = 0; start < n; start += BLOCK) {
      float scale = factors.getAtIndex(ValueLayout.JAVA_FLOAT, (from + start) / BLOCK);
      int end = Math.min(start + BLOCK, n);
      for (int i = start; i < end; i++) {
        numbers[i] = code.value(stored[i]) * scale;
      }
    }
    return numbers;
  }

  /// @param from a multiple of [#BLOCK]; all of the last block that is touched is written
  void write(float[] numbers, long from) {
    var stored = new byte[numbers.length];
    var factors = scales.memory();
    for (int start = 0; start < numbers.length; start += BLOCK) {
      int end = Math.min(start + BLOCK, numbers.length);
      float scale = largest(numbers, start, end);
      factors.setAtIndex(ValueLayout.JAVA_FLOAT, (from + start) / BLOCK, scale);
      float divisor = scale == 0 ? 1 : scale;
      for (int i = start; i < end; i++) {
        stored[i] = code.of(numbers[i] / divisor);
      }
    }
    MemorySegment.copy(stored, 0, codes.memory(), ValueLayout.JAVA_BYTE, from, stored.length);
  }

  private static float largest(float[] numbers, int start, int end) {
    float largest = 0;
    for (int i = start; i < end; i++) {
      largest = Math.max(largest, Math.abs(numbers[i]));
    }
    return largest;
  }
}
