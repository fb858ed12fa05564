package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Products of a few rows in C (`src/main/c/rows.c` and `rows_avx2.c`), near the speed of memory.
///
/// On processors without AVX2, and where there is no [NativeLibrary], there are none, and the other
/// kernels work.
final class NativeRows {
  /// What processors can do, each more than the one before.
  enum Level {
    AVX2,
    AVX512,
    AVX512_BF16
  }

  /// Numbers of x that meet 64 bytes of four-bit codes in AVX512_BF16.
  private static final int CHUNK = 128;

  /// Bytes of four-bit codes that AVX2 takes at once, and floats that meet them: each code's, and a
  /// sum for each eight.
  private static final int BLOCK_BYTES = 32;

  private static final int BLOCK_FLOATS = 72;

  private static final String PREFIX = "plm_rows_";
  private static final Optional<NativeLibrary> LIBRARY = NativeLibrary.instance();
  private static final Optional<NativeRows> INSTANCE =
      LIBRARY
          .filter(library -> !levels(library).isEmpty())
          .map(library -> new NativeRows(library, levels(library).getLast()));

  private final Level level;
  private final MethodHandle int8;
  private final MethodHandle bf16;
  private final MethodHandle bf16Floats;
  private final MethodHandle int4;
  private final MethodHandle int4Floats;
  private final MethodHandle order;
  private final MethodHandle orderFloats;

  private NativeRows(NativeLibrary library, Level level) {
    this.level = level;
    var int8 = level == Level.AVX2 ? "int8_avx2" : "int8";
    this.int8 = handle(library, int8, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    bf16 = handle(library, "bf16", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    bf16Floats = handle(library, "bf16_avx2", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    int4 =
        handle(
            library, "int4", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
            JAVA_INT);
    int4Floats =
        handle(
            library, "int4_avx2", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    order =
        library.function(
            PREFIX + "order",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.critical(true));
    orderFloats =
        library.function(
            PREFIX + "order_avx2",
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.critical(true));
  }

  /// All products end with the length of a row and the first and the last column of y.
  ///
  /// They see arrays of Java's heap in place, and hold up the garbage collector for a piece of a
  /// product: for a millisecond or two at most.
  private static MethodHandle handle(NativeLibrary library, String name, MemoryLayout... layouts) {
    var descriptor =
        FunctionDescriptor.ofVoid(layouts).appendArgumentLayouts(JAVA_INT, JAVA_INT, JAVA_INT);
    return library.function(PREFIX + name, descriptor, Linker.Option.critical(true));
  }

  /// What this machine has of it.
  static Optional<NativeRows> instance() {
    return INSTANCE;
  }

  /// What it would have with lesser processors, and what it has: for tests.
  static List<NativeRows> instances() {
    return LIBRARY.stream()
        .flatMap(library -> levels(library).stream().map(level -> new NativeRows(library, level)))
        .toList();
  }

  /// What this processor has, the best last.
  private static List<Level> levels(NativeLibrary library) {
    return List.of(Level.values()).subList(0, library.ask(PREFIX + "level"));
  }

  Level level() {
    return level;
  }

  /// Whether [#bf16] and [#int4] may be called with rows of bf16.
  boolean multipliesBf16() {
    return level == Level.AVX512_BF16;
  }

  /// @param x [M, K], rows of whatever numbers
  RowProduct.Columns int8(float[][] x, PackedKernel.Bytes w) {
    var xs = MemorySegment.ofArray(joined(x));
    return columns(
        x.length,
        (y, from, to) -> {
          int8.invokeExact(xs, x.length, w.codes(), w.scales(), y, w.columns(), from, to);
        });
  }

  /// @param x [M, K], rows of numbers that are bf16
  /// @param w [N, K] in bf16
  RowProduct.Columns bf16(short[][] x, MemorySegment w) {
    return bf16(bf16, MemorySegment.ofArray(joined(x)), x.length, x[0].length, w);
  }

  /// @param x [M, K], rows of whatever numbers
  /// @param w [N, K] in bf16
  RowProduct.Columns bf16(float[][] x, MemorySegment w) {
    return bf16(bf16Floats, MemorySegment.ofArray(joined(x)), x.length, x[0].length, w);
  }

  private static RowProduct.Columns bf16(
      MethodHandle product, MemorySegment x, int rows, int length, MemorySegment w) {
    return columns(
        rows,
        (y, from, to) -> {
          product.invokeExact(x, rows, w, y, length, from, to);
        });
  }

  /// A row of x as bf16 in the order of the codes (`rows.c`); null where bf16 does not hold it.
  short @Nullable [] ordered(float[] x, PackedKernel.Groups w) {
    int length = w.groups() * w.group();
    var bits = new short[(length + CHUNK - 1) / CHUNK * CHUNK];
    var from = filled(x, w);
    var to = MemorySegment.ofArray(bits);
    int held = NativeLibrary.get(() -> (int) order.invokeExact(from, to, w.half(), w.groups()));
    return held != 0 ? bits : null;
  }

  /// @param x rows that are [#ordered]
  /// @param sums [M, groups], of which nothing is read where no group has a zero of its own
  RowProduct.Columns int4(short[][] x, float[][] sums, PackedKernel.Groups w) {
    var xs = MemorySegment.ofArray(joined(x));
    MemorySegment zeros = w.hasZeros() ? w.zeros() : MemorySegment.NULL;
    MemorySegment xSums = w.hasZeros() ? MemorySegment.ofArray(joined(sums)) : MemorySegment.NULL;
    return columns(
        x.length,
        (y, from, to) -> {
          int4.invokeExact(
              xs, x.length, xSums, w.codes(), w.scales(), zeros, y, w.half(), w.groups(), from, to);
        });
  }

  /// @param x [M, K], rows of whatever numbers
  RowProduct.Columns int4(float[][] x, PackedKernel.Groups w) {
    int blocks = (int) ((w.stride() + BLOCK_BYTES - 1) / BLOCK_BYTES);
    var xs = MemorySegment.ofArray(new float[x.length * blocks * BLOCK_FLOATS]);
    long bytes = (long) blocks * BLOCK_FLOATS * Float.BYTES;
    for (int m = 0; m < x.length; m++) {
      orderFloats(filled(x[m], w), xs.asSlice(m * bytes, bytes), w);
    }
    MemorySegment zeros = w.hasZeros() ? w.zeros() : MemorySegment.NULL;
    return columns(
        x.length,
        (y, from, to) -> {
          int4Floats.invokeExact(
              xs, x.length, w.codes(), w.scales(), zeros, y, w.half(), w.groups(), from, to);
        });
  }

  /// Puts a row of x into the order of the codes (`rows_avx2.c`).
  private void orderFloats(MemorySegment row, MemorySegment to, PackedKernel.Groups w) {
    NativeLibrary.call(() -> {
      orderFloats.invokeExact(row, to, w.half(), w.groups());
    });
  }

  /// A row of x with zeros up to the end of its last group.
  private static MemorySegment filled(float[] x, PackedKernel.Groups w) {
    int length = w.groups() * w.group();
    return MemorySegment.ofArray(x.length == length ? x : Arrays.copyOf(x, length));
  }

  /// A call of a function that writes columns of y one row of x after the other.
  @FunctionalInterface
  private interface Call {
    void run(MemorySegment y, int from, int to) throws Throwable;
  }

  /// Calls are in blocks: of an expression the compiler would have them return an object.
  private static RowProduct.Columns columns(int rows, Call call) {
    return (y, from, to) -> {
      int count = to - from;
      if (rows == 1) {
        var row = MemorySegment.ofArray(y[0]).asSlice((long) from * Float.BYTES);
        NativeLibrary.call(() -> call.run(row, from, to));
        return;
      }
      var all = new float[rows * count];
      NativeLibrary.call(() -> call.run(MemorySegment.ofArray(all), from, to));
      for (int m = 0; m < rows; m++) {
        System.arraycopy(all, m * count, y[m], from, count);
      }
    };
  }

  private static float[] joined(float[][] rows) {
    if (rows.length == 1) {
      return rows[0];
    }
    var all = new float[rows.length * rows[0].length];
    for (int m = 0; m < rows.length; m++) {
      System.arraycopy(rows[m], 0, all, m * rows[m].length, rows[m].length);
    }
    return all;
  }

  private static short[] joined(short[][] rows) {
    if (rows.length == 1) {
      return rows[0];
    }
    var all = new short[rows.length * rows[0].length];
    for (int m = 0; m < rows.length; m++) {
      System.arraycopy(rows[m], 0, all, m * rows[m].length, rows[m].length);
    }
    return all;
  }
}
