package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Products of many rows of bf16 with matrices in eight or four bits in C (`src/main/c/bytes.c`),
/// several times as fast as with the matrix made dense.
///
/// Rows are rounded to eight bits, with a scale for each group of neighbours: the groups of the
/// matrix where it has some, else 64. A number is off by 1/254 of the largest of its group at most.
/// What a row becomes does not depend on the others, bit for bit.
///
/// There on processors with AVX512_VNNI and where there is a [NativeLibrary].
final class NativeBytes {
  private static final Optional<NativeBytes> INSTANCE =
      NativeLibrary.instance()
          .filter(library -> library.ask("plm_bytes_there") != 0)
          .map(NativeBytes::new);

  /// Neighbours in a row that share a scale where the matrix has a scale a row.
  private static final int GROUP = 64;

  /// Rows of x that lie side by side.
  private static final int TILE = 6;

  private final MethodHandle round;
  private final MethodHandle int8;
  private final MethodHandle int4;

  private NativeBytes(NativeLibrary library) {
    round =
        function(
            library, "round", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT);
    int8 =
        function(
            library, "int8", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    int4 =
        function(
            library, "int4", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  }

  private static MethodHandle function(
      NativeLibrary library, String name, MemoryLayout... layouts) {
    return library.function("plm_bytes_" + name, FunctionDescriptor.ofVoid(layouts));
  }

  /// What this machine has of it.
  static Optional<NativeBytes> instance() {
    return INSTANCE;
  }

  /// Whether it has a product of these.
  static boolean multiplies(DType type, QuantizedMatrix matrix) {
    return type == DType.BF16 && (matrix instanceof Int8Matrix || matrix instanceof Int4Matrix);
  }

  /// `x · matrixᵀ + bias`, where [#multiplies] says so.
  ///
  /// Shapes: x [..., K] of BF16, matrix [N, K], bias [N], result [..., N] of BF16.
  Tensor product(Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias, Workers workers) {
    return ManyRows.product(x, parts(matrix), bias, workers);
  }

  private ManyRows.Matrix parts(QuantizedMatrix matrix) {
    int n = (int) matrix.rows();
    int columns = (int) matrix.columns();
    return switch (matrix) {
      case Int8Matrix inInt8 -> {
        var w = PackedKernel.Bytes.of(inInt8);
        // Calls are in blocks: of an expression the compiler would have them return an object.
        Product product =
            (x, rows, bias, room, y, from, to) -> {
              int8.invokeExact(
                  x.codes,
                  x.scales,
                  x.sums,
                  rows,
                  w.codes(),
                  w.scales(),
                  bias,
                  room,
                  y,
                  columns,
                  n,
                  from,
                  to);
            };
        yield new ManyRows.Matrix(
            n, columns, room(columns), most -> new Rounded(most, columns, GROUP, product));
      }
      case Int4Matrix inInt4 -> {
        var w = PackedKernel.Groups.of(inInt4);
        MemorySegment zeros = w.hasZeros() ? w.zeros() : MemorySegment.NULL;
        int group = w.group();
        int groups = w.groups();
        Product product =
            (x, rows, bias, room, y, from, to) -> {
              int4.invokeExact(
                  x.codes,
                  x.scales,
                  x.sums,
                  rows,
                  w.codes(),
                  w.scales(),
                  zeros,
                  bias,
                  room,
                  y,
                  group,
                  groups,
                  n,
                  from,
                  to);
            };
        long scales = (long) ManyRows.PANEL * groups * Float.BYTES;
        yield new ManyRows.Matrix(
            n,
            columns,
            room(groups * group) + scales,
            most -> new Rounded(most, columns, group, product));
      }
      case Nf4Matrix _ -> throw new IllegalArgumentException("no product in C for " + matrix);
    };
  }

  /// Bytes of a panel, whose rows are whole groups of 64.
  private static long room(int columns) {
    return ManyRows.PANEL * Int4Matrix.groups(columns, GROUP) * GROUP;
  }

  @FunctionalInterface
  private interface Product {
    void run(
        Rounded x,
        int rows,
        MemorySegment bias,
        MemorySegment room,
        MemorySegment y,
        int from,
        int to)
        throws Throwable;
  }

  /// Rows of x in eight bits, as `bytes.c` lays them.
  private final class Rounded implements ManyRows.Slab {
    private final int columns;
    private final int group;
    private final Product product;
    private final MemorySegment codes;
    private final MemorySegment scales;
    private final MemorySegment sums;

    Rounded(int most, int columns, int group, Product product) {
      this.columns = columns;
      this.group = group;
      this.product = product;
      long tiles = (most + TILE - 1) / TILE;
      long groups = Int4Matrix.groups(columns, group);
      codes = Tensor.uninitialized(DType.I8, tiles, groups, group, TILE).memory();
      scales = Tensor.uninitialized(DType.F32, tiles, groups, TILE).memory();
      sums = Tensor.uninitialized(DType.I32, tiles, groups, TILE).memory();
    }

    @Override
    public void prepare(MemorySegment x, int rows, int part, int parts) throws Throwable {
      int first = RowProduct.cut(rows, part, parts);
      int end = RowProduct.cut(rows, part + 1, parts);
      round.invokeExact(x, codes, scales, sums, columns, group, first, end);
    }

    @Override
    public void multiply(
        int rows, MemorySegment bias, MemorySegment room, MemorySegment y, int from, int to)
        throws Throwable {
      product.run(this, rows, bias, room, y, from, to);
    }
  }
}
