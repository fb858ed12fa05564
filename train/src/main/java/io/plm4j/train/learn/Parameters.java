package io.plm4j.train.learn;

import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Nf4Matrix;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
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

    /// A checkpoint.
    static Stored of(StoredWeights tensors) {
      return of(tensors, tensors);
    }

    /// A checkpoint of which another source makes something else, such as matrices in four bits.
    static Stored of(StoredWeights tensors, Weights.Source instead) {
      return new Stored() {
        @Override
        public Tensor tensor(String name) {
          return instead.tensor(name);
        }

        @Override
        public Tensor copy(String name) {
          return tensors.copy(name);
        }

        @Override
        public Optional<Nf4Matrix> quantized(String name) {
          return instead.quantized(name);
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

  @Override
  public Optional<Nf4Matrix> quantized(String name) {
    return learnt.test(name) ? Optional.empty() : stored.quantized(name);
  }

  @Override
  public Linear adapted(String name, Linear base) {
    return stored.adapted(name, base);
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

          @Override
          public Optional<Nf4Matrix> quantized(String name) {
            return Parameters.this.quantized(name);
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
