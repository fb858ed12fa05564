package io.plm4j.train.learn;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The gradients of a step. Where it has several parts, they are added up in 32 bits and in a fixed
/// order, so that the sum is the same in every run.
public final class Gradients implements AutoCloseable {
  /// Those of a step with one part, which stay where they are.
  private final List<Parameter> parameters;

  /// Of each parameter, the sum; empty where a step has one part.
  private final List<Tensor> sums = new ArrayList<>();

  private final boolean[] reached;
  private final Owner owner = new Owner();

  /// How many parts a step has.
  public enum Parts {
    ONE,
    SEVERAL
  }

  public Gradients(List<Parameter> parameters, Parts parts) {
    this.parameters = List.copyOf(parameters);
    this.reached = new boolean[parameters.size()];
    if (parts == Parts.SEVERAL) {
      try (var _ = Scope.open()) {
        for (var parameter : parameters) {
          sums.add(owner.hold(Tensor.zeros(DType.F32, parameter.value().shape())));
        }
      }
    }
  }

  /// Takes over what has reached some parameters, which are these or stand for them.
  void collect(List<Parameter> from) {
    for (int i = 0; i < sums.size(); i++) {
      try (var _ = Scope.open()) {
        var gradient = from.get(i).value().gradient();
        if (gradient.isPresent()) {
          sums.get(i).add(gradient.get());
          reached[i] = true;
          from.get(i).value().clearGradient();
        }
      }
    }
  }

  /// The gradient of a parameter, in the scope that is open; empty where none has reached it.
  public Optional<Tensor> of(int parameter) {
    if (sums.isEmpty()) {
      return parameters.get(parameter).value().gradient();
    }
    return reached[parameter] ? Optional.of(sums.get(parameter)) : Optional.empty();
  }

  /// The L2 norm of all gradients together.
  public double norm() {
    double squares = 0;
    for (int i = 0; i < parameters.size(); i++) {
      try (var _ = Scope.open()) {
        double norm = of(i).map(Tensor::fullNorm).orElse(0.0);
        squares += norm * norm;
      }
    }
    return Math.sqrt(squares);
  }

  /// Forgets them, for the next step.
  public void clear() {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).value().clearGradient();
      reached[i] = false;
    }
    sums.forEach(sum -> sum.fill(0));
  }

  @Override
  public void close() {
    owner.close();
  }
}
