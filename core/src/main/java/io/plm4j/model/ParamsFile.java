package io.plm4j.model;

import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.FeedForwardSize;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.tensor.DType;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.util.ArrayList;
import java.util.Optional;

/// Reads `params.json`, the whole training configuration that Meta's code saves beside its weights;
/// the parts that shape the model are `model`, and `model_dtype` of `distributed`.
///
/// Where a key is left out, the value is the one that Meta's classes have for it.
final class ParamsFile {
  /// Tokens behind the vocabulary of pieces: ten with a meaning and 246 in reserve.
  private static final int SPECIAL_TOKENS = 256;

  private static final int IMAGE = 2;
  private static final int VIDEO = 3;

  /// Values of Meta's classes that other values here must not exceed.
  private static final int MAX = 1 << 24;

  private static final double VISION_THETA = 10_000;
  private static final double VISION_EPS = 1e-5;

  /// Of training only, or chosen anew for each run.
  private static final String[] WITHOUT_EFFECT = {
    "attn_impl",
    "freeze_language_model",
    "freeze_vision_model",
    "init_base_std",
    "init_std_factor",
    "mlp_init",
    "seed",
    "use_scaled_rope",
  };

  private ParamsFile() {}

  static PlmConfig read(JsonObject json) {
    var model = json.object("model");
    model.ignore(WITHOUT_EFFECT);
    if (model.has("sliding_window")) {
      throw model.wrong("sliding_window", "null; this decoder sees everything before a token");
    }
    if (!model.optionalFlag("remove_vision_class_token").orElse(true)) {
      throw model.wrong("remove_vision_class_token", "true; the class token is always dropped");
    }
    var vision = vision(model.object("vision_model"));
    var decoder = decoder(model);
    int pooling = model.optionalInteger("pooling_ratio", 1, 1 << 10).orElse(1);
    int special = decoder.vocabSize() - SPECIAL_TOKENS;
    if (special < 0) {
      throw model.wrong(
          "vocab_size", "at least %d, which the special tokens take".formatted(SPECIAL_TOKENS));
    }
    var unknown = new ArrayList<String>(model.unread());
    try {
      return new PlmConfig(
          vision, decoder, pooling, special + IMAGE, special + VIDEO, storedType(json), unknown);
    } catch (IllegalArgumentException e) {
      throw model.inconsistent(e.getMessage());
    }
  }

  private static DecoderConfig decoder(JsonObject model) {
    int dim = model.integer("dim", 1, MAX);
    var headDim = model.optionalInteger("head_dim", 1, MAX);
    var heads = model.optionalInteger("n_heads", 1, MAX);
    if (heads.isEmpty() && headDim.isEmpty()) {
      throw model.wrong("n_heads", "an integer, or head_dim");
    }
    if (headDim.isEmpty() && dim % heads.getAsInt() != 0) {
      throw model.inconsistent(
          "dim %d is not a multiple of n_heads %d".formatted(dim, heads.getAsInt()));
    }
    int width = headDim.orElseGet(() -> dim / heads.orElseThrow());
    int count = heads.orElse(Math.max(1, dim / width));
    try {
      return new DecoderConfig(
          dim,
          feedForward(model).size(dim),
          model.integer("n_layers", 1, 1024),
          count,
          model.optionalInteger("n_kv_heads", 1, MAX).orElse(count),
          width,
          model.integer("vocab_size", 1, MAX),
          model.integer("max_seqlen", 1, MAX),
          model.optionalNumber("norm_eps", Double.MIN_NORMAL, 1).orElse(1e-5),
          rope(model),
          model.optionalFlag("weight_tying").orElse(false));
    } catch (IllegalArgumentException e) {
      throw model.inconsistent(e.getMessage());
    }
  }

  private static FeedForwardSize feedForward(JsonObject model) {
    return new FeedForwardSize(
        model.optionalNumber("ffn_dim_multiplier", 1e-6, 1e6).orElse(1),
        model.optionalInteger("multiple_of", 1, MAX).orElse(256));
  }

  /// What the file says and nothing else: the three published sizes differ here.
  private static RopeConfig rope(JsonObject model) {
    double theta =
        model.optionalNumber("rope_theta", Double.MIN_NORMAL, Double.MAX_VALUE).orElse(10_000);
    var factor = model.optionalNumber("rope_scale_factor", 1, 1e6);
    var scaled = model.optionalFlag("use_scaled_rope");
    double low = model.optionalNumber("low_freq_factor", Double.MIN_NORMAL, 1e6).orElse(1);
    int context = model.optionalInteger("old_context_len", 1, MAX).orElse(8192);
    var high = model.optionalNumber("high_freq_factor", Double.MIN_NORMAL, 1e6);
    if (scaled.equals(Optional.of(true)) && factor.isEmpty()) {
      throw model.wrong(
          "rope_scale_factor", "a number, because use_scaled_rope is true: 32 for Llama 3.2");
    }
    if (scaled.equals(Optional.of(false)) || factor.orElse(1) == 1) {
      return new RopeConfig(theta, new RopeScaling.None());
    }
    if (high.isEmpty()) {
      throw model.wrong(
          "high_freq_factor", "a number, because rope_scale_factor is not 1: 4 for Llama 3.2");
    }
    return new RopeConfig(
        theta, new RopeScaling.Llama3(factor.getAsDouble(), low, high.getAsDouble(), context));
  }

  private static VisionConfig vision(JsonObject vision) {
    // For training, or for the pooling that this model has not.
    vision.ignore("drop_path", "attn_pooler_heads", "output_dim");
    require(vision, "use_abs_posemb", true, true);
    require(vision, "use_rope2d", true, true);
    require(vision, "use_ln_pre", true, true);
    require(vision, "use_ln_post", true, false);
    if (!vision.optionalText("pool_type").orElse("attn").equals("none")) {
      throw vision.wrong("pool_type", "\"none\", a tower without a pooling head");
    }
    if (vision.optionalNumber("ls_init_value", -1e6, 1e6).isEmpty()) {
      throw vision.wrong("ls_init_value", "a number such as 0.1, a tower with LayerScale");
    }
    var classToken =
        vision.optionalFlag("use_cls_token").orElse(false) ? ClassToken.PRESENT : ClassToken.ABSENT;
    int width = vision.integer("width", 1, 1 << 20);
    // Before July 2025 the key was the longer one.
    int imageSize =
        vision
            .optionalInteger("image_size", 1, 1 << 14)
            .orElseGet(() -> vision.optionalInteger("pretrain_image_size", 1, 1 << 14).orElse(448));
    int patchSize = vision.integer("patch_size", 1, 1 << 10);
    try {
      return new VisionConfig(
          width,
          vision.integer("layers", 1, 1024),
          vision.integer("heads", 1, 1 << 20),
          (int) (width * vision.number("mlp_ratio", 0, 1000)),
          imageSize,
          patchSize,
          classToken,
          VISION_EPS,
          // Positions count from 1 where a class token has the place 0, and are never scaled.
          new GridRope(VISION_THETA, Math.max(1, imageSize / patchSize), classToken.count()));
    } catch (IllegalArgumentException e) {
      throw vision.inconsistent(e.getMessage());
    }
  }

  private static void require(JsonObject json, String key, boolean missing, boolean only) {
    if (json.optionalFlag(key).orElse(missing) != only) {
      throw json.wrong(key, only + "; plm4j computes no other tower");
    }
  }

  /// The type to which Meta's code converts the weights when it has read them.
  private static Optional<DType> storedType(JsonObject json) {
    return json.optionalObject("distributed")
        .flatMap(distributed ->
            distributed
                .optionalText("model_dtype")
                .map(name ->
                    switch (name) {
                      case "bf16" -> DType.BF16;
                      case "fp16" -> DType.F16;
                      case "fp32" -> DType.F32;
                      default ->
                          throw distributed.wrong("model_dtype", "\"bf16\", \"fp16\" or \"fp32\"");
                    }));
  }
}
