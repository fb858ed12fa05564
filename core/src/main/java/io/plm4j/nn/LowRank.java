package io.plm4j.nn;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;

/// A change to a linear layer that has few numbers: `s·B·A` beside its W.
///
/// Shapes: A [r, in], B [out, r], x [..., in], y [..., out].
///
/// Sources: Hu et al. 2021, LoRA; Liu et al. 2024, DoRA; what is rounded where is PEFT's.
public sealed interface LowRank {
  Tensor a();

  Tensor b();

  /// s, the weight of the change.
  double scale();

  /// What the layer makes of x with this change, given what it makes without.
  ///
  /// @param y [..., out], as the base and the adapters before this one make it
  /// @param base whose weights a dropout makes it necessary to use again
  /// @return in A's type
  Tensor onto(Tensor y, Tensor x, Linear base);

  /// The weights with this change baked in. Shapes: [out, in] in and out, in F32.
  Tensor merged(Tensor weight);

  /// What becomes of an adapter's input while it learns: some of its numbers become 0 and the
  /// others grow by as much.
  @FunctionalInterface
  interface Dropout {
    /// Drops nothing.
    Dropout NONE = x -> x;

    /// @return x itself where nothing is dropped
    Tensor apply(Tensor x);
  }

  /// `y + s·B·A·x`.
  record Lora(Tensor a, Tensor b, double scale, Dropout dropout) implements LowRank {
    @Override
    public Tensor onto(Tensor y, Tensor x, Linear base) {
      return y.plus(product(dropout.apply(x.to(a.dtype()))));
    }

    /// `s·B·A·x`.
    private Tensor product(Tensor x) {
      return x.linear(a, null).linear(b, null).times(scale);
    }

    /// `s·B·A`: [out, in].
    private Tensor change() {
      return b.linear(a.transpose(0, 1), null).times(scale).to(DType.F32);
    }

    @Override
    public Tensor merged(Tensor weight) {
      return weight.plus(change());
    }
  }

  /// Direction and length of each row of W apart: `m·(W + s·B·A)·x / n`, where m is learnt and n is
  /// the length of that row of `W + s·B·A`.
  ///
  /// n is taken for a constant, through which no gradient flows, so it is not computed with every
  /// product: whoever changes A or B calls [#measure] then.
  ///
  /// @param magnitude m [out]
  /// @param lengths n [out]
  record Dora(Lora change, Tensor magnitude, Tensor lengths) implements LowRank {
    /// A change whose lengths are measured.
    ///
    /// @param base whose W is changed
    /// @param owner keeps the lengths
    public static Dora of(Lora change, Tensor magnitude, Linear base, Owner owner) {
      try (var _ = Scope.open()) {
        var lengths = owner.hold(Tensor.zeros(DType.F32, magnitude.size(0)));
        var dora = new Dora(change, magnitude, lengths);
        dora.measure(base);
        return dora;
      }
    }

    /// Computes n anew.
    public void measure(Linear base) {
      try (var _ = Scope.open()) {
        lengths.copyFrom(base.weight(DType.F32).plus(change.change().detach()).norm());
      }
    }

    @Override
    public Tensor onto(Tensor y, Tensor x, Linear base) {
      var input = x.to(a().dtype());
      var dropped = change.dropout().apply(input);
      var full = dropped == input ? y : base.apply(dropped.to(x.dtype()));
      var bias = base.bias();
      var unbiased = bias == null ? full : full.minus(bias);
      var gain = magnitude.divide(lengths); // [out]
      // m/n - 1, computed so that it is 0 where nothing has been learnt.
      var excess = magnitude.minus(lengths).divide(lengths);
      return y.plus(excess.times(unbiased)).plus(gain.times(change.product(dropped)));
    }

    @Override
    public Tensor merged(Tensor weight) {
      return change.merged(weight).times(magnitude.divide(lengths).reshape(-1, 1));
    }

    @Override
    public Tensor a() {
      return change.a();
    }

    @Override
    public Tensor b() {
      return change.b();
    }

    @Override
    public double scale() {
      return change.scale();
    }
  }
}
