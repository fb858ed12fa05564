package io.plm4j.train.stage;

import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.FeedForwardSize;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.layout.Layout;
import java.nio.file.Path;

/// Reads `params.json` as Llama's authors publish it, which says less than the weights need: the
/// rest follows from the generation, as in transformers' converter.
final class LlamaParams {
  private static final int MAX = 1 << 24;

  private LlamaParams() {}

  /// @param tied whether the weights have no head of their own, as Llama 3.2 has not
  static DecoderConfig read(Path folder, boolean tied) {
    var file = JsonObject.read(folder.resolve(Layout.ORIGINAL.configFile()));
    // A whole training configuration, as PLM's, holds the same keys further down.
    var json = file.has("model") ? file.object("model") : file;
    int dim = json.integer("dim", 1, MAX);
    int heads = json.integer("n_heads", 1, MAX);
    var headDim = json.optionalInteger("head_dim", 1, MAX);
    if (headDim.isEmpty() && dim % heads != 0) {
      throw json.inconsistent("dim %d is not a multiple of n_heads %d".formatted(dim, heads));
    }
    try {
      return new DecoderConfig(
          dim,
          new FeedForwardSize(
                  json.optionalNumber("ffn_dim_multiplier", 1e-6, 1e6).orElse(1),
                  json.optionalInteger("multiple_of", 1, MAX).orElse(256))
              .size(dim),
          json.integer("n_layers", 1, 1024),
          heads,
          json.optionalInteger("n_kv_heads", 1, MAX).orElse(heads),
          headDim.orElse(dim / heads),
          json.integer("vocab_size", 1, MAX),
          json.optionalInteger("max_seqlen", 1, MAX).orElse(131_072),
          json.optionalNumber("norm_eps", Double.MIN_NORMAL, 1).orElse(1e-5),
          rope(json, tied),
          tied);
    } catch (IllegalArgumentException e) {
      throw json.inconsistent(e.getMessage());
    }
  }

  /// Llama 3 has no scaling, 3.1 has the factor 8, and 3.2, which alone has no head of its own, 32.
  private static RopeConfig rope(JsonObject json, boolean tied) {
    double theta =
        json.optionalNumber("rope_theta", Double.MIN_NORMAL, Double.MAX_VALUE).orElse(10_000);
    double factor =
        json.optionalNumber("rope_scale_factor", 1, 1e6)
            .orElse(json.optionalFlag("use_scaled_rope").orElse(false) ? (tied ? 32 : 8) : 1);
    return new RopeConfig(
        theta,
        factor == 1
            ? new RopeScaling.None()
            : new RopeScaling.Llama3(
                factor,
                json.optionalNumber("low_freq_factor", Double.MIN_NORMAL, 1e6).orElse(1),
                json.optionalNumber("high_freq_factor", Double.MIN_NORMAL, 1e6).orElse(4),
                json.optionalInteger("old_context_len", 1, MAX).orElse(8192)));
  }
}
