package io.plm4j.adapter;

import java.util.List;

/// Which layers an adapter is for.
public sealed interface Targets {
  /// Whether it is for this one.
  ///
  /// @param layer its whole name, without `.weight`
  /// @throws IllegalArgumentException if a pattern cannot say that in reasonable time
  default boolean include(String layer) {
    return switch (this) {
      case Suffixes(var suffixes) ->
          suffixes.stream().anyMatch(s -> layer.equals(s) || layer.endsWith("." + s));
      case Regex(var pattern) -> pattern.matches(layer);
      case AllLinear() -> !layer.equals(LinearLayers.HEAD);
      case None() -> false;
    };
  }

  /// Layers whose name is one of these or ends with a dot and one of these.
  record Suffixes(List<String> suffixes) implements Targets {
    /// The seven of each layer of the decoder.
    public static final Suffixes DECODER =
        new Suffixes(
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));

    public Suffixes {
      suffixes = List.copyOf(suffixes);
    }
  }

  /// Layers whose whole name matches a regular expression.
  record Regex(NamePattern pattern) implements Targets {}

  /// Every linear layer but the output head.
  record AllLinear() implements Targets {}

  /// No layer; what is excluded where nothing is.
  record None() implements Targets {}
}
