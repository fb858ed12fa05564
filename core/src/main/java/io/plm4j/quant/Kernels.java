package io.plm4j.quant;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tape;
import io.plm4j.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The kernels of this machine with the threads they run on. Owned by a model; used by one forward
/// pass at a time.
///
/// Where the module `jdk.incubator.vector` is present the vector kernels are chosen, else the plain
/// ones; before both, for what they have, the native ones where this machine can run them.
public final class Kernels implements AutoCloseable {
  /// Rows up to which our product is the faster one.
  public static final int ROWS_AT_MOST = 8;

  private final int rowsAtMost;
  private final RowKernel rows;
  private final QueryKernel queries;
  private final Workers workers;
  private final Nf4Transform nf4;
  private final PackedProducts packed;
  private final @Nullable NativeDense dense;

  /// One a thread, each with its own scratch memory; absent where neither C nor the Vector API is.
  private final HeadAttention @Nullable [] blocks;

  /// What goes back too; absent where there is no C.
  private final @Nullable LearningAttention learning;

  private Kernels(
      int rowsAtMost,
      PackedKernel packed,
      NativeProducts many,
      RowKernel rows,
      QueryKernel queries,
      HeadAttention @Nullable [] blocks,
      int threads) {
    this.rowsAtMost = rowsAtMost;
    this.rows = rows;
    this.queries = queries;
    this.blocks = blocks;
    this.workers = new Workers(threads);
    this.nf4 = new Nf4Transform(Nf4Transform.kernel(vectorApi()), workers);
    this.packed = new PackedProducts(rowsAtMost, packed, many.bytes(), nf4, workers);
    this.dense = many.dense();
    this.learning = LearningAttention.of(many.attention(), workers);
  }

  /// @param threads how many cores to use, the caller's included
  public static Kernels create(int threads) {
    return NativeRows.instance()
        .map(rows -> inC(rows, NativeProducts.THERE, threads))
        .orElseGet(() -> vectorApi() ? vector(threads) : plain(threads));
  }

  static Kernels inC(NativeRows rows, NativeProducts many, int threads) {
    var packed = PackedProducts.kernel(vectorApi());
    var dense = vectorApi() ? new VectorRowKernel() : new PlainRowKernel();
    var kernel = new NativeKernel(rows, packed, dense);
    return new Kernels(
        ROWS_AT_MOST,
        kernel,
        many,
        kernel,
        vectorApi() ? new VectorQueryKernel() : new PlainQueryKernel(),
        heads(many, threads),
        threads);
  }

  private static HeadAttention @Nullable [] heads(NativeProducts many, int threads) {
    var attention = many.attention();
    if (attention != null) {
      return Stream.generate(attention::head).limit(threads).toArray(HeadAttention[]::new);
    }
    return vectorApi() ? blocks(threads) : null;
  }

  /// Those that can be gone back through: every product is libtorch's, which knows the gradient of
  /// what it computes; attention is ours where it is in C and a [Tape] is open, else libtorch's
  /// too.
  ///
  /// @param threads for attention, and for making quantised matrices dense
  public static Kernels differentiable(int threads) {
    return differentiable(NativeProducts.THERE.onlyAttention(), threads);
  }

  static Kernels differentiable(NativeProducts many, int threads) {
    var packed = PackedProducts.kernel(vectorApi());
    var attention = many.attention() == null ? null : heads(many, threads);
    return new Kernels(
        0, packed, many, new PlainRowKernel(), new PlainQueryKernel(), attention, threads);
  }

  static Kernels vector(int threads) {
    return new Kernels(
        ROWS_AT_MOST,
        PackedProducts.kernel(true),
        NativeProducts.NONE,
        new VectorRowKernel(),
        new VectorQueryKernel(),
        blocks(threads),
        threads);
  }

  private static HeadAttention[] blocks(int threads) {
    return Stream.generate(BlockAttention::new).limit(threads).toArray(HeadAttention[]::new);
  }

  static Kernels plain(int threads) {
    return new Kernels(
        ROWS_AT_MOST,
        new PlainPackedKernel(),
        NativeProducts.NONE,
        new PlainRowKernel(),
        new PlainQueryKernel(),
        null,
        threads);
  }

  /// Whether this JVM was started with `--add-modules jdk.incubator.vector`.
  public static boolean vectorApi() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  public int threads() {
    return workers.parts();
  }

  /// Whether [#rowProduct] beats libtorch's linear for this input: libtorch reads the weights of a
  /// product with few rows at less than half the speed of memory.
  public boolean suits(Tensor x, Tensor weight) {
    return x.elements() <= rowsAtMost * x.size(-1)
        && multiplies(weight.dtype())
        && x.dtype() == weight.dtype();
  }

  private static boolean multiplies(DType type) {
    return type == DType.BF16 || type == DType.F32;
  }

  /// Whether products of up to [#ROWS_AT_MOST] rows with weights of this type are ours, which keep
  /// the rows apart.
  public boolean keepsRowsApart(DType type) {
    return rowsAtMost >= ROWS_AT_MOST && multiplies(type);
  }

  /// The same for weights in few bits.
  public boolean keepsRowsApart(QuantizedMatrix matrix) {
    return rowsAtMost >= ROWS_AT_MOST && PackedProducts.isDirect(matrix);
  }

  /// `x · weightᵀ + bias`, by the fastest way that this machine has: [#rowProduct] for a few rows,
  /// ours or libtorch's for many.
  ///
  /// Shapes: x [..., K], weight [N, K], bias [N], result [..., N] in the type of x.
  public Tensor product(Tensor x, Tensor weight, @Nullable Tensor bias) {
    if (suits(x, weight)) {
      return rowProduct(x, weight, bias);
    }
    return dense != null && NativeDense.multiplies(x, weight)
        ? dense.product(x, weight, bias, workers)
        : x.linear(weight, bias);
  }

  /// `x · weightᵀ + bias` for a few rows, accumulated in 32 bits and rounded once. What a row
  /// becomes does not depend on the others.
  ///
  /// Shapes: x [..., K] with M rows, weight [N, K], bias [N], result [..., N] in the type of x.
  public Tensor rowProduct(Tensor x, Tensor weight, @Nullable Tensor bias) {
    float[][] rowsOfX = RowProduct.rows(x);
    var w = weight.memory();
    var product = weight.dtype() == DType.BF16 ? rows.bf16(rowsOfX, w) : rows.f32(rowsOfX, w);
    return RowProduct.of(x, (int) weight.size(0), bias, workers, product);
  }

  /// Attention of one query position over cached keys and values, in 32 bits, rounded once.
  ///
  /// Shapes: q [1, H, 1, D], keys and values [1, KH, S, D] views of a cache [1, KH, C, D], result
  /// [1, H, 1, D].
  ///
  /// @param keys the whole cache buffer of the layer, of which the first `length` positions are
  ///   looked at
  public Tensor queryAttention(Tensor q, Tensor keys, Tensor values, int length) {
    long headBytes = keys.size(2) * keys.size(3) * keys.dtype().bytes();
    var k = keys.memory();
    var v = values.memory();
    var type = keys.dtype();
    return queryAttention(
        q,
        (int) keys.size(1),
        (group, head) -> {
          var headKeys = k.asSlice(head * headBytes, headBytes);
          var headValues = v.asSlice(head * headBytes, headBytes);
          queries.attend(group, headKeys, headValues, type, length);
        });
  }

  /// Attention of one query position over keys and values that are kept in 8 bits.
  ///
  /// Shapes: q and the result [1, H, 1, D].
  ///
  /// @param keys of which the first `length` positions are looked at
  public Tensor queryAttention(Tensor q, Int8Rows keys, Int8Rows values, int length) {
    return queryAttention(
        q,
        (int) keys.numbers().size(1),
        (group, head) -> queries.attend(group, keys.head(head), values.head(head), length));
  }

  @FunctionalInterface
  private interface HeadTask {
    void run(QueryKernel.Group group, int keyHead);
  }

  private Tensor queryAttention(Tensor q, int keyHeads, HeadTask task) {
    int dim = (int) q.size(3);
    int group = (int) q.size(1) / keyHeads;
    float[] query = q.toFloats();
    var y = new float[query.length];
    workers.run((part, parts) -> {
      for (int head = RowProduct.cut(keyHeads, part, parts);
          head < RowProduct.cut(keyHeads, part + 1, parts);
          head++) {
        task.run(new QueryKernel.Group(query, y, head * group * dim, group, dim), head);
      }
    });
    var result = Tensor.uninitialized(q.dtype(), q.shape());
    RowProduct.store(y, result, 0);
    return result;
  }

  /// Scaled dot-product attention in 32 bits, rounded once to the given type.
  ///
  /// Shapes: q [B, H, L, D], k and v [B, KH, S, D], views of any layout whose last dimension is
  /// dense; result [B, H, L, D], a view of [B, L, H, D] so that joining the heads copies nothing.
  public Tensor attention(Tensor q, Tensor k, Tensor v, AttentionMask mask, DType type) {
    boolean tracked = q.isTracked() || k.isTracked() || v.isTracked();
    var tape = Tape.current();
    if (tracked
        && tape.isPresent()
        && learning != null
        && LearningAttention.computes(q.dtype(), k.dtype(), v.dtype(), type)) {
      return learning.attend(q, k, v, mask, type, tape.get());
    }
    if (blocks == null || tracked) {
      return Tensor.attention(q, k, v, mask).to(type);
    }
    return attention(
        blocks,
        q,
        (int) k.size(1),
        mask,
        type,
        (kernel, batch, keyHead) ->
            kernel.load(matrix(k, batch, keyHead), matrix(v, batch, keyHead), (int) k.size(2)));
  }

  /// The same over keys and values that are kept in 8 bits, of one sequence.
  ///
  /// Shapes: q [1, H, L, D], result [1, H, L, D].
  ///
  /// @param length positions of the keys that are looked at
  public Tensor attention(
      Tensor q, Int8Rows keys, Int8Rows values, int length, AttentionMask mask, DType type) {
    if (blocks == null) {
      return Tensor.attention(q, keys.dequantize(length), values.dequantize(length), mask).to(type);
    }
    return attention(
        blocks,
        q,
        (int) keys.numbers().size(1),
        mask,
        type,
        (kernel, _, keyHead) ->
            kernel.load(
                new Int8Strided(keys.head(keyHead)),
                new Int8Strided(values.head(keyHead)),
                length));
  }

  @FunctionalInterface
  private interface HeadLoader {
    void load(HeadAttention kernel, int batch, int keyHead);
  }

  private Tensor attention(
      HeadAttention[] kernels,
      Tensor q,
      int keyHeads,
      AttentionMask mask,
      DType type,
      HeadLoader loader) {
    var result =
        Tensor.uninitialized(type, q.size(0), q.size(2), q.size(1), q.size(3)).transpose(1, 2);
    int group = (int) q.size(1) / keyHeads;
    int units = (int) q.size(0) * keyHeads;
    var next = new AtomicInteger();
    workers.run((part, _) -> {
      var kernel = kernels[part];
      for (int unit = next.getAndIncrement(); unit < units; unit = next.getAndIncrement()) {
        int batch = unit / keyHeads;
        int keyHead = unit % keyHeads;
        loader.load(kernel, batch, keyHead);
        for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
          kernel.attend(
              matrix(q, batch, head), matrix(result, batch, head), mask.of(batch), (int) q.size(2));
        }
      }
    });
    return result;
  }

  static Strided matrix(Tensor x, int batch, int head) {
    long[] strides = x.strides();
    if (strides[3] != 1) {
      throw new IllegalArgumentException("the head dimension of " + x + " is not dense");
    }
    long start = batch * strides[0] + head * strides[1];
    return new Strided(x.storage(), x.dtype(), start, strides[2], (int) x.size(3));
  }

  /// A matrix in NF4, a quarter of its size in bf16.
  ///
  /// Shapes: weights [rows, columns] of F32, BF16 or F16.
  public Nf4Matrix quantize(Tensor weights, Nf4Scales scales) {
    return nf4.quantize(weights, scales);
  }

  /// A matrix in few bits.
  ///
  /// Shapes: weights [rows, columns] of F32, BF16 or F16.
  ///
  /// @throws ArithmeticException if a number is not finite
  public QuantizedMatrix quantize(Tensor weights, QuantFormat format) {
    return packed.quantize(weights, format);
  }

  /// A matrix in few bits, chosen in int4 so that what the layer gives for inputs like those that
  /// it was given moves little; other formats take no notice of them.
  ///
  /// Shapes: weights [rows, columns] of F32, BF16 or F16, moments [columns, columns] of F32.
  ///
  /// @param moments the sum of x·xᵀ over the layer's inputs
  /// @throws ArithmeticException if a number is not finite
  public QuantizedMatrix quantize(Tensor weights, QuantFormat format, Tensor moments) {
    return packed.quantize(weights, format, moments);
  }

  /// How far a matrix is from the weights that it was made of.
  public QuantError error(Tensor weights, QuantizedMatrix matrix) {
    return packed.error(weights, matrix);
  }

  /// The numbers that a matrix stands for: [rows, columns].
  ///
  /// @param type F32, in which they are exact, or BF16
  public Tensor dequantize(QuantizedMatrix matrix, DType type) {
    return packed.dequantize(matrix, type);
  }

  /// `x · matrixᵀ + bias`. Up to [#ROWS_AT_MOST] rows are multiplied with the codes themselves,
  /// accumulated in 32 bits and rounded once, and what a row becomes does not depend on the others.
  /// More rows are rounded to eight bits, a scale for each 32 to 128 neighbours, where they are of
  /// bf16, the matrix of int8 or int4, and the processor has AVX512_VNNI; else the matrix becomes
  /// dense, in x's type, a part at a time.
  ///
  /// Shapes: x [..., K], matrix [N, K], bias [N], result [..., N] in the type of x.
  public Tensor product(Tensor x, QuantizedMatrix matrix, @Nullable Tensor bias) {
    return packed.product(x, matrix, bias);
  }

  @Override
  public void close() {
    workers.close();
    packed.close();
  }
}
