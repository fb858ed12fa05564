package io.plm4j.train.config;

import java.util.List;
import java.util.regex.Pattern;

/// Which linear layers get an adapter, as PEFT's `target_modules` says it. Layers have the names of
/// Hugging Face's checkpoints without `.weight`, such as
/// `model.language_model.layers.0.self_attn.q_proj`.
public sealed interface Targets {
  /// Whether this layer gets one.
  ///
  /// @param layer its whole name; never that of the output head, which PEFT leaves out of
  ///   `all-linear` too
  boolean include(String layer);

  /// Layers with one of these names, or a name that ends in a dot and one of these.
  record Suffixes(List<String> names) implements Targets {
    /// The seven of each layer of the decoder.
    public static final Suffixes DECODER =
        new Suffixes(
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));

    public Suffixes {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("no names of layers");
      }
    }

    @Override
    public boolean include(String layer) {
      return names.stream().anyMatch(name -> layer.equals(name) || layer.endsWith("." + name));
    }
  }

  /// Layers whose whole name this regular expression describes.
  record Matching(Pattern pattern) implements Targets {
    @Override
    public boolean include(String layer) {
      return pattern.matcher(layer).matches();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Matching(Pattern theirs)
          && theirs.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
      return pattern.pattern().hashCode();
    }
  }

  /// All of them.
  record AllLinear() implements Targets {
    @Override
    public boolean include(String layer) {
      return true;
    }
  }
}
