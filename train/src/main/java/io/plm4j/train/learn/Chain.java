package io.plm4j.train.learn;

import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tape;
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
  /// The layers that were run, the last one first.
  private final Deque<Link> links = new ArrayDeque<>();

  private final Held output;

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

  /// A layer that was run.
  private sealed interface Link extends AutoCloseable {
    /// Adds to the gradients of all that the layer learns. Only once.
    ///
    /// @return that of the input; empty where neither it nor anything before it learns
    Optional<Held> backward(Tensor gradient);

    @Override
    void close();
  }

  /// A layer of which all is remembered.
  ///
  /// @param in tracked where a gradient of it is wanted
  private record Remembered(Held in, Held out, Tape tape) implements Link {
    static Remembered run(UnaryOperator<Tensor> layer, Tensor x, boolean tracked) {
      var in = leaf(x, tracked);
      var tape = Tape.open();
      try (var _ = Scope.open()) {
        return new Remembered(in, Held.of(layer.apply(in.tensor())), tape);
      } finally {
        tape.stop();
      }
    }

    @Override
    public Optional<Held> backward(Tensor gradient) {
      if (out.tensor().isTracked()) {
        tape.backward(out.tensor(), gradient);
      }
      try (var _ = Scope.open()) {
        return in.tensor().isTracked()
            ? Optional.of(Held.of(in.tensor().gradient().orElseThrow()))
            : Optional.empty();
      }
    }

    @Override
    public void close() {
      tape.close();
      in.close();
      out.close();
    }
  }

  /// A layer of which only the input is kept, and which is run again on the way back.
  private record Recomputed(UnaryOperator<Tensor> layer, Held in, boolean tracked) implements Link {
    @Override
    public Optional<Held> backward(Tensor gradient) {
      try (var again = Remembered.run(layer, in.tensor(), tracked)) {
        return again.backward(gradient);
      }
    }

    @Override
    public void close() {
      in.close();
    }
  }

  private Chain(List<UnaryOperator<Tensor>> layers, Tensor input, Before before, Memory memory) {
    boolean tracked = before == Before.LEARNS;
    this.output =
        switch (memory) {
          case REMEMBER -> remember(layers, input, tracked);
          case RECOMPUTE -> keepInputs(layers, input, tracked);
        };
  }

  /// Runs the layers.
  static Chain run(List<UnaryOperator<Tensor>> layers, Tensor input, Before before, Memory memory) {
    return new Chain(layers, input, before, memory);
  }

  private Held remember(List<UnaryOperator<Tensor>> layers, Tensor input, boolean learns) {
    var x = input;
    boolean tracked = learns;
    for (var layer : layers) {
      var link = Remembered.run(layer, x, tracked);
      links.push(link);
      x = link.out().tensor();
      tracked = x.isTracked();
    }
    return Held.of(x);
  }

  private Held keepInputs(List<UnaryOperator<Tensor>> layers, Tensor input, boolean learns) {
    try (var _ = Untracked.open()) {
      var x = Held.of(input.detach());
      boolean tracked = learns;
      for (var layer : layers) {
        links.push(new Recomputed(layer, x, tracked));
        tracked = true;
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

  /// Adds to the gradients of all that the layers learn, and lets go of what was remembered. Only
  /// once.
  ///
  /// @param gradient of the output
  /// @return that of the input if it is wanted, in the scope that is open
  Optional<Tensor> backward(Tensor gradient) {
    var known = Optional.of(Held.of(gradient));
    while (known.isPresent() && !links.isEmpty()) {
      try (var link = links.pop();
          var passed = known.get()) {
        known = link.backward(passed.tensor());
      }
    }
    return known.map(held -> {
      try (held) {
        return held.tensor().detach();
      }
    });
  }

  @Override
  public void close() {
    links.forEach(Link::close);
    links.clear();
    output.close();
  }
}
