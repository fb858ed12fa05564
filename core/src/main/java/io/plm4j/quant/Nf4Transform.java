package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Matrices to NF4 and back, in runs of blocks that the threads share.
final class Nf4Transform {
  /// Blocks at a time: their numbers in 32 bits take 64 KB, which stay in the second-level cache.
  private static final int RUN = 256;

  private final Nf4Kernel kernel;
  private final Nf4Kernel plain = new PlainNf4Kernel();
  private final Workers workers;

  Nf4Transform(Nf4Kernel kernel, Workers workers) {
    this.kernel = kernel;
    this.workers = workers;
  }

  static Nf4Kernel kernel(boolean vectorApi) {
    return vectorApi && VectorNf4Kernel.fits() ? new VectorNf4Kernel() : new PlainNf4Kernel();
  }

  /// What is done with `count` blocks from `first` on.
  @FunctionalInterface
  private interface Run {
    void accept(long first, int count);
  }

  private void share(long blocks, Run run) {
    long runs = (blocks + RUN - 1) / RUN;
    workers.run((part, parts) -> {
      for (long r = runs * part / parts; r < runs * (part + 1) / parts; r++) {
        run.accept(r * RUN, (int) Math.min(RUN, blocks - r * RUN));
      }
    });
  }

  Tensor dequantize(Nf4Matrix matrix, DType type) {
    if (type != DType.F32 && type != DType.BF16) {
      throw new IllegalArgumentException("NF4 becomes F32 or BF16, not " + type);
    }
    var result = Tensor.uninitialized(type, matrix.rows(), matrix.columns());
    if (matrix.weights() == 0) {
      return result;
    }
    int size = matrix.blockSize();
    var codes = matrix.codes().memory();
    var out = result.memory();
    var reader = matrix.scaleReader();
    long whole = matrix.weights() / size;
    dequantize(matrix, type, new Blocks(0, whole), out);
    int rest = (int) (matrix.weights() - whole * size);
    if (rest > 0) {
      var scales = new float[1];
      reader.read(whole, scales, 1);
      var padded = MemorySegment.ofArray(new float[size]);
      var bytes = MemorySegment.ofArray(new byte[size / 2]);
      MemorySegment.copy(codes, whole * size / 2, bytes, 0, (rest + 1) / 2);
      toNumbers(plain, type, bytes, scales, size, padded);
      MemorySegment.copy(padded, 0, out, whole * size * type.bytes(), (long) rest * type.bytes());
    }
    return result;
  }

  /// Rows `from` to `to - 1` of a matrix whose rows are whole numbers of blocks.
  void dequantize(Nf4Matrix matrix, DType type, long from, long to, MemorySegment out) {
    long row = matrix.columns() / matrix.blockSize();
    dequantize(matrix, type, new Blocks(from * row, (to - from) * row), out);
  }

  /// Neighbouring blocks of a matrix.
  private record Blocks(long first, long count) {}

  private void dequantize(Nf4Matrix matrix, DType type, Blocks blocks, MemorySegment out) {
    int size = matrix.blockSize();
    var codes = matrix.codes().memory();
    var reader = matrix.scaleReader();
    share(
        blocks.count(),
        (first, count) -> {
          var scales = new float[count];
          reader.read(blocks.first() + first, scales, count);
          toNumbers(
              kernel,
              type,
              codes.asSlice((blocks.first() + first) * size / 2, (long) count * size / 2),
              scales,
              size,
              out.asSlice(first * size * type.bytes(), (long) count * size * type.bytes()));
        });
  }

  private static void toNumbers(
      Nf4Kernel kernel,
      DType type,
      MemorySegment codes,
      float[] scales,
      int size,
      MemorySegment out) {
    if (type == DType.BF16) {
      kernel.toBf16(codes, scales, scales.length, size, out);
    } else {
      kernel.toF32(codes, scales, scales.length, size, out);
    }
  }

  Nf4Matrix quantize(Tensor weights, Nf4Scales kind) {
    long numbers = weights.elements();
    int size = Nf4.BLOCK;
    long blocks = Nf4Matrix.blocks(numbers, size);
    var codes = Tensor.uninitialized(DType.U8, (numbers + 1) / 2);
    var largest = Tensor.uninitialized(DType.F32, blocks);
    if (numbers > 0) {
      var in = weights.memory();
      var out = codes.memory();
      var scales = largest.memory();
      long whole = numbers / size;
      share(
          whole,
          (first, count) -> {
            var values = new float[count * size];
            read(in, weights.dtype(), first * size, values, values.length);
            var found = new float[count];
            kernel.toCodes(
                values, found, count, size, out.asSlice(first * size / 2, (long) count * size / 2));
            MemorySegment.copy(
                found, 0, scales, ValueLayout.JAVA_FLOAT, first * Float.BYTES, count);
          });
      int rest = (int) (numbers - whole * size);
      if (rest > 0) {
        var values = new float[size];
        read(in, weights.dtype(), whole * size, values, rest);
        var found = new float[1];
        var bytes = MemorySegment.ofArray(new byte[size / 2]);
        plain.toCodes(values, found, 1, size, bytes);
        MemorySegment.copy(bytes, 0, out, whole * size / 2, (rest + 1) / 2);
        scales.setAtIndex(ValueLayout.JAVA_FLOAT, whole, found[0]);
      }
    }
    var kept =
        switch (kind) {
          case EXACT -> new Nf4Matrix.Scales.Exact(largest);
          case QUANTIZED -> quantizeScales(largest);
        };
    return new Nf4Matrix(weights.size(0), weights.size(1), size, codes, kept);
  }

  /// Numbers of F32, BF16 or F16 as floats.
  static void read(MemorySegment in, DType type, long from, float[] out, int count) {
    switch (type) {
      case F32 -> MemorySegment.copy(in, ValueLayout.JAVA_FLOAT, from * Float.BYTES, out, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = Bf16.toFloat(in.getAtIndex(ValueLayout.JAVA_SHORT, from + i));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = Float.float16ToFloat(in.getAtIndex(ValueLayout.JAVA_SHORT, from + i));
        }
      }
      default -> throw new IllegalArgumentException("weights are floats, not of " + type);
    }
  }

  /// Scales are few, one in 64 weights: no kernel is needed.
  private static Nf4Matrix.Scales quantizeScales(Tensor exact) {
    float[] values = exact.toFloats();
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    float offset = values.length == 0 ? 0 : (float) (sum / values.length);
    int size = Nf4.SCALE_BLOCK;
    var largest = new float[(int) Nf4Matrix.blocks(values.length, size)];
    float[] map = DynamicMap.signed();
    var codes = Tensor.uninitialized(DType.U8, values.length);
    var out = codes.memory();
    for (int block = 0; block < largest.length; block++) {
      int to = Math.min(values.length, (block + 1) * size);
      for (int i = block * size; i < to; i++) {
        largest[block] = Math.max(largest[block], Math.abs(values[i] - offset));
      }
      float inverse = 1 / largest[block];
      for (int i = block * size; i < to; i++) {
        float x = Math.clamp((values[i] - offset) * inverse, -1f, 1f);
        out.set(ValueLayout.JAVA_BYTE, i, (byte) Nf4.nearest(map, x));
      }
    }
    return new Nf4Matrix.Scales.Coded(
        codes, Tensor.of(map, map.length), Tensor.of(largest, largest.length), offset, size);
  }
}
