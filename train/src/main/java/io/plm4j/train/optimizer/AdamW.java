package io.plm4j.train.optimizer;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.learn.Gradients;
import io.plm4j.train.learn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// Adam with weight decay beside the gradient.
///
/// Weights of BF16 have a master of F32 each, which takes the steps that BF16 is too coarse for;
/// they are rounded from it.
///
/// Source: Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization; the order of
/// operations is PyTorch's.
public final class AdamW implements AutoCloseable {
  /// @param beta1 how much of the mean of the gradients stays with each step
  /// @param beta2 how much of the mean of their squares stays
  /// @param eps added to the root of the latter
  /// @param weightDecay share of a weight that is lost with each step, times the learning rate
  /// @param decays which parameters lose it
  /// @param moments how the means are stored
  public record Settings(
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      Predicate<Parameter> decays,
      Moments.Kind moments) {}

  private final Settings settings;
  private final List<State> states = new ArrayList<>();
  private final Owner owner = new Owner();
  private long step;

  /// What belongs to a parameter.
  ///
  /// @param master F32; the parameter itself where it is of F32
  private record State(Parameter parameter, Tensor master, Moments moments) {}

  public AdamW(List<Parameter> parameters, Settings settings) {
    this.settings = settings;
    try (var _ = Scope.open()) {
      for (var parameter : parameters) {
        var value = parameter.value().detach();
        var master = owner.hold(value.dtype() == DType.F32 ? value : value.to(DType.F32));
        states.add(
            new State(parameter, master, Moments.of(settings.moments(), value.elements(), owner)));
      }
    }
  }

  /// Takes a step against the gradients. Parameters that no gradient has reached stay as they are.
  ///
  /// @param gradients of the parameters, in their order
  /// @param factor what gradients are multiplied with, to clip them
  public void step(Gradients gradients, double learningRate, double factor) {
    step++;
    var update = Update.of(settings, learningRate, step, factor);
    for (int i = 0; i < states.size(); i++) {
      var state = states.get(i);
      try (var _ = Scope.open()) {
        var gradient = gradients.of(i);
        if (gradient.isPresent()) {
          boolean decays = settings.decays().test(state.parameter());
          state
              .moments()
              .step(
                  state.master().memory(),
                  gradient.get().to(DType.F32).contiguous().memory(),
                  decays ? update : update.withoutDecay());
          if (state.parameter().value().dtype() != DType.F32) {
            state.parameter().value().detach().copyFrom(state.master());
          }
        }
      }
    }
  }

  /// Steps taken so far.
  public long steps() {
    return step;
  }

  /// Everything that a run needs to go on, by name; shares memory with this.
  public SequencedMap<String, Tensor> state() {
    var all = new LinkedHashMap<String, Tensor>();
    for (var state : states) {
      var name = state.parameter().name();
      if (state.parameter().value().dtype() != DType.F32) {
        all.put(name + ".master", state.master());
      }
      state.moments().tensors().forEach((key, tensor) -> all.put(name + "." + key, tensor));
    }
    return all;
  }

  /// Goes on after so many steps. The state's tensors have been filled by the caller, the
  /// parameters of BF16 are rounded from their masters here.
  public void resume(long stepsTaken) {
    step = stepsTaken;
    for (var state : states) {
      if (state.parameter().value().dtype() != DType.F32) {
        state.parameter().value().detach().copyFrom(state.master());
      }
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
