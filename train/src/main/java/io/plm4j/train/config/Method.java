package io.plm4j.train.config;

import io.plm4j.adapter.AdapterConfig.Initialization;
import io.plm4j.adapter.AdapterConfig.Scaling;
import io.plm4j.adapter.Targets;
import io.plm4j.train.learn.Part;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Which numbers of a model learn.
public sealed interface Method {
  /// The model's own weights do, but for the parts that are frozen.
  record Full(Set<Part> frozen) implements Method {
    /// As in the model card: everything but the vision tower.
    public static final Full CARD = new Full(Set.of(Part.VISION));

    public Full {
      frozen = Set.copyOf(frozen);
      if (frozen.size() == Part.values().length) {
        throw new IllegalArgumentException("all parts are frozen, so that nothing learns");
      }
    }

    /// Those that learn.
    public Set<Part> trained() {
      var trained = EnumSet.allOf(Part.class);
      trained.removeAll(frozen);
      return Set.copyOf(trained);
    }
  }

  /// Small matrices beside the model's own do, and these stay as they are.
  ///
  /// @param rank columns of the small matrices
  /// @param alpha what they are scaled by, times the rank or its root
  /// @param dropout chance that an input of theirs is left out
  /// @param start what the first matrix starts as; the second starts as 0
  /// @param scaling how `alpha` becomes a factor
  /// @param from folder of an adapter to go on with, whose own configuration then counts; empty to
  ///   begin with one that changes nothing
  record Adapter(
      Kind kind,
      int rank,
      double alpha,
      double dropout,
      Targets targets,
      Initialization start,
      Scaling scaling,
      Optional<Path> from)
      implements Method {
    /// As in the model card.
    public static final Adapter CARD =
        new Adapter(
            Kind.LORA,
            8,
            8,
            0.1,
            Targets.Suffixes.DECODER,
            Initialization.GAUSSIAN,
            Scaling.BY_RANK,
            Optional.empty());

    public Adapter {
      if (targets instanceof Targets.Suffixes(var suffixes) && suffixes.isEmpty()) {
        throw new IllegalArgumentException("no names of layers");
      }
      if (rank < 1) {
        throw new IllegalArgumentException("rank %d is not positive".formatted(rank));
      }
      if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("alpha %s is not positive".formatted(alpha));
      }
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("dropout %s is not in [0, 1)".formatted(dropout));
      }
    }
  }

  /// What kind of adapter.
  enum Kind {
    /// Two small matrices whose product is added.
    LORA,
    /// The same, and a length for each row of the sum.
    DORA,
    /// LoRA beside weights that are kept in four bits (NF4, doubly quantised).
    QLORA
  }
}
