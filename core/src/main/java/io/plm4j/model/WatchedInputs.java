package io.plm4j.model;

import io.plm4j.nn.Linear;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Sums up what some linear layers are given while a model runs. For one thread.
public final class WatchedInputs implements InputMoments, AutoCloseable {
  /// Vectors that are multiplied together: one by one each would read and write its sum.
  private static final int TOGETHER = 256;

  private final Set<String> watched;
  private final Map<String, Sum> sums = new HashMap<>();
  private final Owner owner = new Owner();

  /// @param weights names of the layers' weights
  public WatchedInputs(Set<String> weights) {
    watched = weights.stream().map(WatchedInputs::leader).collect(Collectors.toUnmodifiableSet());
  }

  /// Of layers that are given the same, the one that is noted for all.
  public static String leader(String weight) {
    return weight
        .replace(".k_proj.", ".q_proj.")
        .replace(".v_proj.", ".q_proj.")
        .replace(".up_proj.", ".gate_proj.");
  }

  /// Bytes that noting a layer takes.
  ///
  /// @param columns of its weight
  public static long bytes(long columns) {
    return (columns + TOGETHER) * columns * Float.BYTES;
  }

  /// The same weights, whose layers are watched.
  public Weights.Source watching(Weights.Source source) {
    return source.withLayers((name, layer) -> {
      var weight = name + ".weight";
      return watched.contains(weight) ? new Linear.Watched(layer, x -> add(weight, x)) : layer;
    });
  }

  private void add(String weight, Tensor x) {
    long columns = x.size(-1);
    sums.computeIfAbsent(weight, _ -> new Sum(columns)).add(x.reshape(-1, columns));
  }

  @Override
  public Optional<Tensor> of(String weight) {
    return Optional.ofNullable(sums.get(leader(weight))).map(Sum::whole);
  }

  @Override
  public void close() {
    owner.close();
  }

  /// The sum of a layer, and vectors that are not in it yet.
  private final class Sum {
    private final Tensor sum; // [K, K]
    private final Tensor waiting; // [TOGETHER, K]
    private int count;

    Sum(long columns) {
      sum = owner.hold(Tensor.uninitialized(DType.F32, columns, columns).fill(0));
      waiting = owner.hold(Tensor.uninitialized(DType.F32, TOGETHER, columns));
    }

    /// @param x [L, K]
    void add(Tensor x) {
      try (var _ = Scope.open()) {
        var rows = x.to(DType.F32).contiguous();
        long bytes = rows.size(1) * Float.BYTES;
        for (long from = 0; from < rows.size(0); ) {
          long some = Math.min(rows.size(0) - from, TOGETHER - count);
          waiting
              .memory()
              .asSlice(count * bytes, some * bytes)
              .copyFrom(rows.memory().asSlice(from * bytes, some * bytes));
          count += (int) some;
          from += some;
          if (count == TOGETHER) {
            multiply();
          }
        }
      }
    }

    private void multiply() {
      try (var _ = Scope.open()) {
        var rows = waiting.narrow(0, 0, count);
        sum.addProduct(rows.transpose(0, 1), rows);
        count = 0;
      }
    }

    Tensor whole() {
      if (count > 0) {
        multiply();
      }
      return sum;
    }
  }
}
