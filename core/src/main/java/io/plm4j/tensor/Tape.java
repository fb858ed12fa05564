package io.plm4j.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// What a thread computes with kernels of our own, whose gradients libtorch does not know: while
/// one is open, such a kernel cuts the graph of what is remembered, and says how a gradient gets
/// over the cut. [#backward] goes up to the cuts, over them, and on.
///
/// The cuts of a tape lie side by side: none is computed from what another gave. So a layer with
/// attention has a tape of its own, and what it is given is a tracked leaf: a residual leads around
/// the cut, and libtorch goes through a piece of its graph only once.
///
/// They nest; each is stopped, if at all, and closed by the thread that opened it.
public final class Tape implements AutoCloseable {
  private static final ThreadLocal<Deque<Tape>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private final List<Cut> cuts = new ArrayList<>();
  private final Owner owner = new Owner();
  private boolean recording = true;

  /// How a gradient gets over a cut.
  @FunctionalInterface
  public interface Way {
    /// @param gradient of the result
    /// @return those of what it was computed from, one each, of their shapes and types
    List<Tensor> back(Tensor gradient);
  }

  private record Cut(List<Tensor> from, Tensor result, Way way) {}

  private Tape() {}

  public static Tape open() {
    var tape = new Tape();
    OPEN.get().push(tape);
    return tape;
  }

  /// The innermost that records on this thread.
  public static Optional<Tape> current() {
    return Optional.ofNullable(OPEN.get().peek());
  }

  /// Cuts the graph.
  ///
  /// @param from what the result was computed from: whatever the way back needs of it, it may hold
  ///   on to until then
  /// @param result in which nothing is remembered
  /// @return the result, tracked
  public Tensor cut(List<Tensor> from, Tensor result, Way way) {
    from.forEach(owner::hold);
    cuts.add(new Cut(List.copyOf(from), owner.hold(result.track()), way));
    return result;
  }

  /// Keeps a tensor until this is closed, for a way back.
  public Tensor hold(Tensor tensor) {
    return owner.hold(tensor);
  }

  /// Ends recording on this thread.
  public void stop() {
    if (recording) {
      OPEN.get().remove(this);
      recording = false;
    }
  }

  /// As [Tensor#backward(Tensor)], and on over the cuts. Only once.
  ///
  /// @param output that was computed while this recorded
  /// @throws IllegalStateException if a cut was computed from what another gave
  public void backward(Tensor output, Tensor gradient) {
    output.backward(gradient);
    try (var _ = Scope.open();
        var roots = new TensorVector();
        var given = new TensorVector()) {
      for (var cut : cuts) {
        cut.result().gradient().ifPresent(known -> goOver(cut, known, roots, given));
        cut.result().clearGradient();
      }
      if (!roots.empty()) {
        torch.backward(roots, given, new BoolOptional(), false, new TensorVector());
      }
      if (cuts.stream().anyMatch(cut -> cut.result().gradient().isPresent())) {
        throw new IllegalStateException("a cut was computed from what another of its tape gave");
      }
    }
    cuts.clear();
  }

  private static void goOver(Cut cut, Tensor gradient, TensorVector roots, TensorVector given) {
    List<Tensor> gradients;
    try (var _ = Untracked.open()) {
      gradients = cut.way().back(gradient);
    }
    for (int i = 0; i < gradients.size(); i++) {
      if (cut.from().get(i).isTracked()) {
        roots.push_back(cut.from().get(i).pointer());
        given.push_back(gradients.get(i).pointer());
      }
    }
  }

  @Override
  public void close() {
    stop();
    cuts.clear();
    owner.close();
  }
}
