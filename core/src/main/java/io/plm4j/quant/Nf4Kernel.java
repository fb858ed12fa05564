package io.plm4j.quant;

import java.lang.foreign.MemorySegment;

/// Whole blocks of NF4, to numbers and back. Offsets are the beginnings of the segments.
interface Nf4Kernel {
  /// Numbers in bf16, each rounded once.
  ///
  /// @param codes two a byte
  /// @param scales one a block
  /// @param blocks how many
  void toBf16(MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out);

  /// Numbers in 32 bits.
  void toF32(MemorySegment codes, float[] scales, int blocks, int blockSize, MemorySegment out);

  /// Numbers to codes.
  ///
  /// @param numbers of all blocks
  /// @param scales where their largest magnitudes go
  void toCodes(float[] numbers, float[] scales, int blocks, int blockSize, MemorySegment codes);
}
