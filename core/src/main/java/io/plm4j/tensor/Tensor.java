package io.plm4j.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// An n-dimensional array of numbers in native memory, with the verbs that this project needs.
///
/// A tensor is immutable but for the verbs that say otherwise ([#copyFrom], [#add], [#fill]). It
/// lives until the [Scope] that was open when it was made closes. Views ([#narrow], [#transpose],
/// [#reshape] where possible) share memory with the tensor that they were taken from. Negative
/// dimension numbers count from the end, as everywhere in the field.
///
/// Shape errors surface as the `RuntimeException` that libtorch raises, with both shapes in its
/// message: they are defects of the caller, what users supply is checked before it becomes a
/// tensor.
public final class Tensor {
  static {
    Libtorch.configure();
  }

  /// libtorch's number for a loss that is summed.
  private static final long SUM = 2;

  /// The label that libtorch leaves out.
  private static final long NO_LABEL = -100;

  private final org.bytedeco.pytorch.Tensor pointer;

  private Tensor(org.bytedeco.pytorch.Tensor pointer) {
    this.pointer = pointer;
  }

  org.bytedeco.pytorch.Tensor pointer() {
    return pointer;
  }

  // ---- making tensors

  public static Tensor zeros(DType type, long... shape) {
    return new Tensor(torch.zeros(shape, Libtorch.options(type)));
  }

  /// Memory that holds whatever was there before; for buffers that are written before they are
  /// read.
  public static Tensor uninitialized(DType type, long... shape) {
    return new Tensor(torch.empty(shape, Libtorch.options(type), new MemoryFormatOptional()));
  }

  public static Tensor of(float[] values, long... shape) {
    return copyOf(MemorySegment.ofArray(values), DType.F32, shape);
  }

  public static Tensor of(int[] values, long... shape) {
    return copyOf(MemorySegment.ofArray(values), DType.I32, shape);
  }

  public static Tensor of(long[] values, long... shape) {
    return copyOf(MemorySegment.ofArray(values), DType.I64, shape);
  }

  private static Tensor copyOf(MemorySegment values, DType type, long... shape) {
    var tensor = uninitialized(type, shape);
    if (tensor.bytes() != values.byteSize()) {
      throw new IllegalArgumentException(
          "%d bytes given for a tensor of type %s and shape %s"
              .formatted(values.byteSize(), type, Arrays.toString(shape)));
    }
    tensor.memory().copyFrom(values);
    return tensor;
  }

  /// A tensor over memory that somebody else owns and that must outlive it: nothing is copied.
  ///
  /// @param memory native memory of exactly the size of the tensor, row-major
  public static Tensor over(MemorySegment memory, DType type, long... shape) {
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (!memory.isNative() || memory.byteSize() != elements * type.bytes()) {
      throw new IllegalArgumentException(
          "a tensor of type %s and shape %s needs %d bytes of native memory, not %s"
              .formatted(type, Arrays.toString(shape), elements * type.bytes(), memory));
    }
    return new Tensor(torch.from_blob(Libtorch.address(memory), shape, Libtorch.options(type)));
  }

  /// Numbers that are equally likely anywhere from 0 to 1, of F32: always the same ones for a seed.
  public static Tensor uniform(long seed, long... shape) {
    var generator = new GeneratorOptional(torch.createCPUGenerator(seed));
    return new Tensor(torch.rand(shape, generator, Libtorch.options(DType.F32)));
  }

  /// Joins tensors along an existing dimension.
  public static Tensor cat(List<Tensor> parts, long dim) {
    var vector =
        new TensorVector(
            parts.stream().map(Tensor::pointer).toArray(org.bytedeco.pytorch.Tensor[]::new));
    return new Tensor(torch.cat(vector, dim));
  }

  // ---- what a tensor is

  public long[] shape() {
    var shape = new long[(int) pointer.dim()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = pointer.size(i);
    }
    return shape;
  }

  public long size(long dim) {
    return pointer.size(dim);
  }

  public long elements() {
    return pointer.numel();
  }

  public long bytes() {
    return elements() * dtype().bytes();
  }

  public DType dtype() {
    return Libtorch.dtype(pointer.scalar_type());
  }

  /// The tensor's own memory, row-major. Valid as long as the tensor is.
  ///
  /// @throws IllegalStateException if the elements do not lie side by side; call [#contiguous]
  ///   first
  public MemorySegment memory() {
    if (!pointer.is_contiguous()) {
      throw new IllegalStateException(
          "the tensor of shape " + Arrays.toString(shape()) + " is not contiguous");
    }
    return MemorySegment.ofAddress(pointer.data_ptr().address()).reinterpret(bytes());
  }

  /// Distances between neighbours along each dimension, in elements.
  public long[] strides() {
    var strides = new long[(int) pointer.dim()];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = pointer.stride(i);
    }
    return strides;
  }

  /// Memory from the first element to the last one that [#strides] reach; for kernels that walk
  /// views themselves.
  public MemorySegment storage() {
    long last = 0;
    for (int i = 0; i < pointer.dim(); i++) {
      last += (pointer.size(i) - 1) * pointer.stride(i);
    }
    return MemorySegment.ofAddress(pointer.data_ptr().address())
        .reinterpret((last + 1) * dtype().bytes());
  }

  // ---- values out

  /// All elements as floats, row-major, whatever the type.
  public float[] toFloats() {
    try (var _ = Scope.open()) {
      return to(DType.F32).contiguous().memory().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  // ---- views and shapes

  public Tensor reshape(long... shape) {
    return new Tensor(pointer.reshape(shape));
  }

  /// The dimensions in another order; a view.
  public Tensor permute(long... dims) {
    return new Tensor(pointer.permute(dims));
  }

  public Tensor transpose(long dim, long other) {
    return new Tensor(pointer.transpose(dim, other));
  }

  /// `length` entries of dimension `dim`, from `start`; a view.
  public Tensor narrow(long dim, long start, long length) {
    return new Tensor(pointer.narrow(dim, start, length));
  }

  /// Entry `index` of dimension `dim`, which disappears; a view.
  public Tensor select(long dim, long index) {
    return new Tensor(pointer.select(dim, index));
  }

  /// Repeats dimensions of size one without copying; -1 leaves a dimension as it is.
  public Tensor expand(long... shape) {
    return new Tensor(pointer.expand(shape));
  }

  public Tensor contiguous() {
    return new Tensor(pointer.contiguous());
  }

  /// The same values in another type; the same tensor if it already has it.
  public Tensor to(DType type) {
    return new Tensor(pointer.to(Libtorch.scalarType(type)));
  }

  // ---- writing in place

  /// Overwrites this tensor (or the view that it is) with values of the same shape, converting
  /// their type.
  public Tensor copyFrom(Tensor values) {
    pointer.copy_(values.pointer);
    return this;
  }

  /// Adds values of the same shape to this tensor (or the view that it is), in its type.
  public Tensor add(Tensor values) {
    pointer.add_(values.pointer);
    return this;
  }

  /// Overwrites every element.
  public Tensor fill(double value) {
    pointer.fill_(new Scalar(value));
    return this;
  }

  // ---- arithmetic

  public Tensor plus(Tensor other) {
    return new Tensor(torch.add(pointer, other.pointer));
  }

  public Tensor minus(Tensor other) {
    return new Tensor(torch.sub(pointer, other.pointer));
  }

  public Tensor times(Tensor other) {
    return new Tensor(torch.mul(pointer, other.pointer));
  }

  /// `this + a * b`, in one pass.
  public Tensor plusProduct(Tensor a, Tensor b) {
    return new Tensor(torch.addcmul(pointer, a.pointer, b.pointer));
  }

  /// Adds a · b to this matrix in place. Shapes: this [n, m], a [n, k], b [k, m].
  public void addProduct(Tensor a, Tensor b) {
    pointer.addmm_(a.pointer, b.pointer);
  }

  /// Mean over the given dimensions, which disappear.
  public Tensor mean(long... dims) {
    return new Tensor(torch.mean(pointer, dims));
  }

  /// Rotates adjacent pairs of the last dimension in 32 bits: the pair (a, b) and the turn (c, s)
  /// give (ac - bs, bc + as).
  ///
  /// Shapes: this [..., N, D], turns [N, D/2, 2] of F32 cosines and sines, result [..., N, D] of
  /// F32.
  public Tensor rotatePairs(Tensor turns) {
    int rank = (int) pointer.dim();
    var split = Arrays.copyOf(shape(), rank + 1);
    split[rank - 1] /= 2;
    split[rank] = 2;
    var complex = torch.view_as_complex(to(DType.F32).contiguous().reshape(split).pointer);
    var turned = torch.mul(complex, torch.view_as_complex(turns.pointer));
    return new Tensor(torch.view_as_real(turned)).reshape(shape());
  }

  /// The same numbers, each multiplied.
  public Tensor times(double factor) {
    return new Tensor(torch.mul(pointer, new Scalar(factor)));
  }

  public Tensor divide(Tensor other) {
    return new Tensor(torch.div(pointer, other.pointer));
  }

  /// Where elements are less than a bound: ones and zeros of BOOL.
  public Tensor lessThan(double bound) {
    return new Tensor(torch.lt(pointer, new Scalar(bound)));
  }

  /// The sum of all elements, a tensor without dimensions.
  public Tensor sum() {
    return new Tensor(torch.sum(pointer));
  }

  /// The L2 norm over the last dimension, which disappears.
  public Tensor norm() {
    return new Tensor(torch.norm(pointer, new ScalarOptional(new Scalar(2.0)), -1));
  }

  /// The L2 norm of all elements, summed in 32 bits.
  public double fullNorm() {
    try (var _ = Scope.open()) {
      return torch.norm(to(DType.F32).pointer).item_double();
    }
  }

  /// The sum over the rows of `-log softmax(row)[label]`, in 32 bits: a tensor without dimensions.
  ///
  /// Shapes: this [N, V], labels [N] of I64.
  public Tensor crossEntropySum(Tensor labels) {
    return new Tensor(
        torch.cross_entropy_loss(
            to(DType.F32).pointer, labels.pointer, new TensorOptional(), SUM, NO_LABEL, 0.0));
  }

  // ---- square matrices of F32

  /// Ones times a factor on the diagonal: [size, size].
  public static Tensor identity(long size, double factor) {
    return new Tensor(torch.mul(torch.eye(size, Libtorch.options(DType.F32)), new Scalar(factor)));
  }

  /// The triangle L with L·Lᵀ = this, symmetric and positive definite; or, if asked for the upper
  /// one, U with Uᵀ·U = this.
  ///
  /// @throws ArithmeticException if this is not positive definite
  public Tensor cholesky(boolean upper) {
    try {
      return new Tensor(torch.linalg_cholesky(pointer, upper));
    } catch (RuntimeException e) {
      throw new ArithmeticException("a matrix is not positive definite: " + e.getMessage());
    }
  }

  /// (L·Lᵀ)⁻¹, where this is the triangle L.
  public Tensor choleskyInverse() {
    return new Tensor(torch.cholesky_inverse(pointer));
  }

  // ---- layers

  /// `this · weightᵀ + bias`. Shapes: this [..., in], weight [out, in], bias [out].
  public Tensor linear(Tensor weight, @Nullable Tensor bias) {
    return Products.linear(this, weight, bias);
  }

  /// Rows of this table. Shapes: this [rows, dim], ids [...] of integers, result [..., dim].
  public Tensor rows(Tensor ids) {
    return new Tensor(torch.embedding(pointer, ids.pointer));
  }

  /// Normalises the last dimension to mean 0 and variance 1, then scales and shifts it.
  public Tensor layerNorm(Tensor weight, Tensor bias, double eps) {
    return new Tensor(
        torch.layer_norm(
            pointer,
            weight.shape(),
            Libtorch.optional(weight),
            Libtorch.optional(bias),
            eps,
            true));
  }

  /// Divides the last dimension by its root mean square, in 32-bit arithmetic, then scales it.
  public Tensor rmsNorm(Tensor weight, double eps) {
    return new Tensor(
        torch.rms_norm(
            pointer,
            weight.shape(),
            Libtorch.optional(weight),
            new org.bytedeco.pytorch.DoubleOptional(eps)));
  }

  /// The exact (erf) Gaussian error linear unit.
  public Tensor gelu() {
    return new Tensor(torch.gelu(pointer));
  }

  /// `x · sigmoid(x)`.
  public Tensor silu() {
    return new Tensor(torch.silu(pointer));
  }

  /// Scaled dot-product attention, computed in 32 bits whatever the type, and returned in the type
  /// of `q`.
  ///
  /// Shapes: q [B, H, L, D], k and v [B, KH, S, D] with H a multiple of KH (query heads that share
  /// a key head are neighbours), result [B, H, L, D]. The scale is 1/√D.
  public static Tensor attention(Tensor q, Tensor k, Tensor v, AttentionMask mask) {
    return Attention.attend(q, k, v, mask);
  }

  // ---- learning

  /// Marks this tensor as one that gradients are wanted of. What is computed from it from now on is
  /// remembered, until [#backward] has gone through it.
  ///
  /// @return this
  public Tensor track() {
    pointer.set_requires_grad(true);
    return this;
  }

  /// Whether a gradient can flow through this tensor.
  public boolean isTracked() {
    return pointer.requires_grad();
  }

  /// The same numbers, out of which no gradient flows.
  public Tensor detach() {
    return new Tensor(pointer.detach());
  }

  /// Adds to the gradient of every tracked tensor that this one was computed from.
  ///
  /// @throws IllegalStateException if this has more than one element
  public void backward() {
    if (elements() != 1) {
      throw new IllegalStateException(
          "only a single number has a gradient of its own, not " + this + "; give one");
    }
    pointer.backward();
  }

  /// The same from a tensor of any shape, whose own gradient is known.
  ///
  /// @param gradient of the shape and type of this tensor
  public void backward(Tensor gradient) {
    pointer.backward(gradient.pointer, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  /// The gradient that has been added up in a tracked tensor since [#clearGradient]; empty where
  /// none has reached it. Shares memory with it.
  public Optional<Tensor> gradient() {
    // What grad() returns lies within this tensor and would die with it; detach() makes a handle.
    var gradient = pointer.grad();
    return gradient.defined() ? Optional.of(new Tensor(gradient.detach())) : Optional.empty();
  }

  public void clearGradient() {
    pointer.mutable_grad().reset();
  }

  // ---- threads

  /// Number of threads that libtorch's own operations use, in the whole process.
  public static void setThreads(int threads) {
    Libtorch.setThreads(threads);
  }

  /// Number of threads for products of F32, in the whole process, after [#setThreads]. They are
  /// OpenBLAS's own, which wait for the next product by spinning: where F32 products are small ones
  /// between large ones of BF16, they take the cores from these, and 1 is best.
  public static void setF32ProductThreads(int threads) {
    Libtorch.setF32ProductThreads(threads);
  }

  /// Whether libtorch has a product of its own for BF16 on this processor. Where it has none, one
  /// of F32 is several times as fast.
  public static boolean multipliesBf16() {
    return Libtorch.multipliesBf16();
  }

  static Tensor wrap(org.bytedeco.pytorch.Tensor pointer) {
    return new Tensor(pointer);
  }

  @Override
  public String toString() {
    return dtype() + Arrays.toString(shape());
  }
}
