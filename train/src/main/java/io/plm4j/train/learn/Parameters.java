package io.plm4j.train.learn;

import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// The weights of a model of which some are learnt.
public final class Parameters implements Weights.Source {
  private final Stored stored;
  private final Predicate<String> learnt;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();

  /// Where the weights come from.
  public interface Stored extends Weights.Source {
    /// The tensor of this name in memory that may be written to.
    Tensor copy(String name);

    /// A checkpoint, none of whose weights is quantised: four bits cannot learn.
    static Stored of(StoredWeights tensors) {
      return new Stored() {
        @Override
        public Tensor tensor(String name) {
          return tensors.tensor(name);
        }

        @Override
        public Tensor copy(String name) {
          return tensors.copy(name);
        }
      };
    }
  }

  /// @param learnt whether a tensor of this name is learnt
  public Parameters(Stored stored, Predicate<String> learnt) {
    this.stored = stored;
    this.learnt = learnt;
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.computeIfAbsent(name, this::load);
  }

  private Tensor load(String name) {
    if (!learnt.test(name)) {
      return stored.tensor(name);
    }
    var parameter = new Parameter(name, stored.copy(name).track());
    parameters.add(parameter);
    return parameter.value();
  }

  /// The same weights once more: what is learnt shares its memory with this, but has gradients of
  /// its own.
  ///
  /// @param owner keeps the second handles
  public Parameters twin(Owner owner) {
    return new Parameters(
        new Stored() {
          @Override
          public Tensor tensor(String name) {
            return Parameters.this.tensor(name);
          }

          @Override
          public Tensor copy(String name) {
            try (var _ = Scope.open()) {
              return owner.hold(Parameters.this.tensor(name).detach());
            }
          }
        },
        learnt);
  }

  /// What is learnt, in the order in which the model asked for it.
  public List<Parameter> learnt() {
    return List.copyOf(parameters);
  }

  /// All tensors that the model asked for.
  public SequencedMap<String, Tensor> all() {
    return new LinkedHashMap<>(tensors);
  }
}
