package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A matrix of four-bit weights, as bitsandbytes stores one. Its rows lie end to end and are cut
/// into blocks without regard to where a row ends.
///
/// Shapes: n = rows · columns weights, b = ⌈n / blockSize⌉ blocks.
///
/// @param blockSize weights that share a scale
/// @param codes U8 of ⌈n / 2⌉ bytes: the earlier weight in the upper half
/// @param scales the blocks' largest magnitudes
public record Nf4Matrix(long rows, long columns, int blockSize, Tensor codes, Scales scales)
    implements QuantizedMatrix {

  /// The largest magnitude of each block.
  public sealed interface Scales {
    /// @param values F32 [b]
    record Exact(Tensor values) implements Scales {}

    /// Double quantisation: `map[code] · (largest of its block) + offset`.
    ///
    /// @param codes U8 [b]
    /// @param map F32 [256]
    /// @param largest F32 [⌈b / blockSize⌉]
    /// @param blockSize scales that share one of `largest`
    record Coded(Tensor codes, Tensor map, Tensor largest, float offset, int blockSize)
        implements Scales {}
  }

  public Nf4Matrix {
    require(blockSize >= 32 && blockSize % 32 == 0, "blocks of %d weights".formatted(blockSize));
    require(codes, DType.U8, (rows * columns + 1) / 2);
    long blocks = blocks(rows * columns, blockSize);
    switch (scales) {
      case Scales.Exact(var values) -> require(values, DType.F32, blocks);
      case Scales.Coded(var scaleCodes, var map, var largest, _, int size) -> {
        require(size > 0, "blocks of %d scales".formatted(size));
        require(scaleCodes, DType.U8, blocks);
        require(map, DType.F32, 256);
        require(largest, DType.F32, blocks(blocks, size));
      }
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("a matrix in NF4 cannot have " + what);
    }
  }

  private static void require(Tensor tensor, DType type, long elements) {
    require(
        tensor.dtype() == type && tensor.elements() == elements,
        "%s where %s of %d is needed".formatted(tensor, type, elements));
  }

  /// How many blocks so many numbers make, the last of which may be short.
  public static long blocks(long numbers, int blockSize) {
    return (numbers + blockSize - 1) / blockSize;
  }

  @Override
  public long bytes() {
    return codes.bytes()
        + switch (scales) {
          case Scales.Exact(var values) -> values.bytes();
          case Scales.Coded(var scaleCodes, var map, var largest, _, _) ->
              scaleCodes.bytes() + map.bytes() + largest.bytes();
        };
  }

  @Override
  public Nf4Matrix heldBy(Owner owner) {
    owner.hold(codes);
    switch (scales) {
      case Scales.Exact(var values) -> owner.hold(values);
      case Scales.Coded(var scaleCodes, var map, var largest, _, _) -> {
        owner.hold(scaleCodes);
        owner.hold(map);
        owner.hold(largest);
      }
    }
    return this;
  }

  /// Where a kernel reads the scales; taken once, for a product over many blocks.
  ScaleReader scaleReader() {
    return switch (scales) {
      case Scales.Exact(var values) -> {
        var memory = values.memory();
        yield (first, out, count) ->
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, first * Float.BYTES, out, 0, count);
      }
      case Scales.Coded(var scaleCodes, var map, var largest, float offset, int size) -> {
        var codesMemory = scaleCodes.memory();
        float[] values = map.toFloats();
        float[] scale = largest.toFloats();
        yield (first, out, count) -> {
          for (int i = 0; i < count; i++) {
            int code = codesMemory.get(ValueLayout.JAVA_BYTE, first + i) & 0xff;
            out[i] = values[code] * scale[(int) ((first + i) / size)] + offset;
          }
        };
      }
    };
  }

  /// Reads scales of neighbouring blocks.
  @FunctionalInterface
  interface ScaleReader {
    void read(long firstBlock, float[] out, int count);
  }
}
