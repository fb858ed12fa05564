package io.plm4j.train.learn;

import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.tensor.Untracked;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Layers that were run one after another, and the way back through them. Gradients do not leave a
/// chain by themselves: what ran before it gets them handed, so that memory is freed step by step.
final class Chain implements AutoCloseable {
  private final List<UnaryOperator<Tensor>> layers;

  /// Of every layer, what it was given, or of the first only; each tracked where a gradient of it
  /// is wanted.
  private final Deque<Held> inputs = new ArrayDeque<>();

  private final boolean inputNeedsGradient;
  private final Held output;
  private final Memory memory;

  /// A tensor that lives until it is let go.
  private record Held(Tensor tensor, Owner owner) implements AutoCloseable {
    static Held of(Tensor tensor) {
      var owner = new Owner();
      return new Held(owner.hold(tensor), owner);
    }

    @Override
    public void close() {
      owner.close();
    }
  }

  /// Whether something before the chain learns from what it says of its input.
  enum Before {
    LEARNS,
    IS_FROZEN
  }

  private Chain(List<UnaryOperator<Tensor>> layers, Tensor input, Before before, Memory memory) {
    this.layers = layers;
    this.memory = memory;
    this.inputNeedsGradient = before == Before.LEARNS;
    this.output =
        switch (memory) {
          case REMEMBER -> remember(input);
          case RECOMPUTE -> keepInputs(input);
        };
  }

  /// Runs the layers.
  static Chain run(List<UnaryOperator<Tensor>> layers, Tensor input, Before before, Memory memory) {
    return new Chain(layers, input, before, memory);
  }

  private Held remember(Tensor input) {
    try (var _ = Scope.open()) {
      var first = leaf(input, inputNeedsGradient);
      inputs.push(first);
      var x = first.tensor();
      for (var layer : layers) {
        x = layer.apply(x);
      }
      return Held.of(x);
    }
  }

  private Held keepInputs(Tensor input) {
    try (var _ = Untracked.open()) {
      var x = Held.of(input.detach());
      for (var layer : layers) {
        inputs.push(x);
        try (var _ = Scope.open()) {
          x = Held.of(layer.apply(x.tensor()));
        }
      }
      return x;
    }
  }

  private static Held leaf(Tensor x, boolean tracked) {
    var leaf = x.detach();
    return Held.of(tracked ? leaf.track() : leaf);
  }

  /// What the last layer gave, detached from all that led to it.
  Tensor output() {
    return output.tensor().detach();
  }

  /// Adds to the gradients of all that the layers learn.
  ///
  /// @param gradient of the output
  /// @return that of the input if it is wanted, in the scope that is open
  Optional<Tensor> backward(Tensor gradient) {
    return switch (memory) {
      case REMEMBER -> {
        if (output.tensor().isTracked()) {
          output.tensor().backward(gradient);
        }
        yield inputNeedsGradient ? inputs.getFirst().tensor().gradient() : Optional.empty();
      }
      case RECOMPUTE -> recompute(gradient);
    };
  }

  private Optional<Tensor> recompute(Tensor gradient) {
    var g = Held.of(gradient);
    for (int i = layers.size() - 1; i >= 0; i--) {
      boolean wanted = i > 0 || inputNeedsGradient;
      try (var kept = inputs.pop();
          var passed = g;
          var _ = Scope.open();
          var x = leaf(kept.tensor(), wanted)) {
        var y = layers.get(i).apply(x.tensor());
        if (y.isTracked()) {
          y.backward(passed.tensor());
        }
        if (!wanted) {
          return Optional.empty();
        }
        g = Held.of(x.tensor().gradient().orElseThrow());
      }
    }
    var first = g.tensor().detach();
    g.close();
    return Optional.of(first);
  }

  @Override
  public void close() {
    inputs.forEach(Held::close);
    inputs.clear();
    output.close();
  }
}
