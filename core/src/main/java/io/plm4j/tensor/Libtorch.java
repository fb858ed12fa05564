package io.plm4j.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Translation between our types and libtorch's, and the process-wide settings of the native
/// library.
final class Libtorch {
  static {
    BlasKernels.choose();
  }

  private Libtorch() {}

  /// JavaCPP's settings, which it reads when its first class is loaded, so this must come before. A
  /// program that sets them itself is left alone.
  ///
  /// - No cap on physical memory: mapped weights count there, and JavaCPP would raise
  ///   OutOfMemoryError at four times the Java heap.
  /// - No garbage collection of pointers: our scopes free them, and an operation costs half.
  static void configure() {
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.nopointergc", "true");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  static ScalarType scalarType(DType type) {
    return switch (type) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case BF16 -> ScalarType.BFloat16;
      case F16 -> ScalarType.Half;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case I16 -> ScalarType.Short;
      case I8 -> ScalarType.Char;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType dtype(ScalarType type) {
    for (DType candidate : DType.values()) {
      if (scalarType(candidate).value == type.value) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "libtorch returned a tensor of type " + type + ", which has no DType");
  }

  static TensorOptions options(DType type) {
    return new TensorOptions(scalarType(type));
  }

  static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor.pointer());
  }

  /// A bare address as JavaCPP sees it; owns nothing.
  static Pointer address(MemorySegment segment) {
    return new Address(segment.address());
  }

  static void setThreads(int threads) {
    torch.set_num_threads(threads);
    openblas.blas_set_num_threads(threads);
  }

  static void setF32ProductThreads(int threads) {
    openblas.blas_set_num_threads(threads);
  }

  /// Whether products of bf16 run on the processor's own vectors, as oneDNN says.
  static boolean multipliesBf16() {
    configure();
    try (var stack = new IValueVector()) {
      Dispatcher.singleton()
          .findSchemaOrThrow("mkldnn::_is_mkldnn_bf16_supported", "")
          .callBoxed(stack);
      return stack.back().toBool();
    }
  }

  private static final class Address extends Pointer {
    Address(long value) {
      address = value;
    }
  }
}
