package io.plm4j.model;

import io.plm4j.tensor.Tensor;
import java.util.Optional;

/// What the linear layers of a model are given, as far as codes of few bits are chosen by it.
@FunctionalInterface
public interface InputMoments {
  /// Nothing is known.
  InputMoments NONE = _ -> Optional.empty();

  /// The sum of x·xᵀ over all vectors x that a layer was given: [K, K] of F32, which the next call
  /// may free.
  ///
  /// @param weight name of the layer's weight, [N, K]
  /// @return empty where the layer was given nothing
  Optional<Tensor> of(String weight);
}
