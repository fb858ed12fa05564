package io.plm4j.tensor;

import java.util.ArrayList;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Products with the weights of a layer, with the detour that some processors need.
///
/// libtorch multiplies bf16 fast where oneDNN can, which takes AVX-512 or more. Elsewhere it takes
/// one number after the other, ten times slower than f32. There the numbers are widened to f32, a
/// block of weights at a time, multiplied and rounded once at the end, which is what oneDNN does
/// too.
///
/// Shapes: x [..., in], weight [out, in], bias [out].
final class Products {
  /// Numbers of a block of weights: 8 MB in f32. It stays in the caches, and glibc uses its memory
  /// again, while it gives blocks of more than 32 MB back to the system each time.
  private static final long BLOCK = 1L << 21;

  private static final boolean WIDENS = !Libtorch.multipliesBf16();

  private Products() {}

  static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    boolean widens = WIDENS && x.dtype() == DType.BF16 && weight.dtype() == DType.BF16;
    return widens ? widened(x, weight, bias, BLOCK) : direct(x, weight, bias);
  }

  private static Tensor direct(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return Tensor.wrap(torch.linear(x.pointer(), weight.pointer(), Libtorch.optional(bias)));
  }

  /// @param block numbers of the weights that are widened together, where no gradient is wanted:
  ///   with one, libtorch keeps them all in any case
  static Tensor widened(Tensor x, Tensor weight, @Nullable Tensor bias, long block) {
    try (var scope = Scope.open()) {
      var wide = x.to(DType.F32);
      var shift = bias == null ? null : bias.to(DType.F32);
      long out = weight.size(0);
      long rows = isDifferentiated(x, weight) ? out : Math.max(1, block / weight.size(1));
      var parts = new ArrayList<Tensor>();
      for (long from = 0; from < out; from += rows) {
        long count = Math.min(rows, out - from);
        try (var part = Scope.open()) {
          var y =
              direct(
                  wide,
                  weight.narrow(0, from, count).to(DType.F32),
                  shift == null ? null : shift.narrow(0, from, count));
          parts.add(part.keep(y.to(DType.BF16)));
        }
      }
      return scope.keep(parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, -1));
    }
  }

  private static boolean isDifferentiated(Tensor x, Tensor weight) {
    return GradMode.is_enabled() && (x.isTracked() || weight.isTracked());
  }
}
