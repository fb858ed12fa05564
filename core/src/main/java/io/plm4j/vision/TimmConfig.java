package io.plm4j.vision;

import io.plm4j.error.Excerpt;
import io.plm4j.json.JsonObject;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/// Reads how timm describes a Perception Encoder: the name of an architecture with values of its
/// own, and arguments that override them, unless they are null. Values and meanings are those of
/// timm 1.0.29's `eva.py`.
final class TimmConfig {
  /// What the name of an architecture stands for. Both have 16 heads and patches of 14 pixels.
  private record Architecture(
      int width, int depth, double mlpRatio, int imageSize, ClassToken classToken, GridRope rope) {}

  private static final int HEADS = 16;
  private static final int PATCH_SIZE = 14;
  private static final double NORM_EPS = 1e-5;

  private static final Map<String, Architecture> ARCHITECTURES =
      Map.of(
          "vit_pe_core_large_patch14_336",
          new Architecture(1024, 24, 4.0, 336, ClassToken.PRESENT, new GridRope(10_000, 24, 1)),
          "vit_pe_core_gigantic_patch14_448",
          new Architecture(
              1536, 50, 8960.0 / 1536, 448, ClassToken.ABSENT, new GridRope(10_000, 32, 0)));

  /// Flags of timm's class whose other value is another network, with the only value there is here.
  private static final Map<String, Boolean> FIXED_FLAGS =
      Map.ofEntries(
          Map.entry("qkv_bias", true),
          Map.entry("qkv_fused", true),
          Map.entry("swiglu_mlp", false),
          Map.entry("scale_mlp", false),
          Map.entry("scale_attn_inner", false),
          Map.entry("no_embed_class", false),
          Map.entry("use_abs_pos_emb", true),
          Map.entry("use_rot_pos_emb", true),
          Map.entry("rope_rotate_half", false),
          Map.entry("use_post_norm", false),
          Map.entry("use_pre_transformer_norm", true),
          Map.entry("use_fc_norm", false),
          Map.entry("dynamic_img_size", false),
          Map.entry("dynamic_img_pad", false));

  private static final Map<String, String> FIXED_TEXTS =
      Map.of("attn_type", "rope", "rope_type", "cat", "rope_grid_indexing", "xy");

  private static final Map<String, Integer> FIXED_NUMBERS =
      Map.of("in_chans", 3, "num_reg_tokens", 0);

  /// Only for training, or for the pooling head that the language model does not use.
  private static final String[] WITHOUT_EFFECT = {
    "drop_rate",
    "pos_drop_rate",
    "patch_drop_rate",
    "proj_drop_rate",
    "attn_drop_rate",
    "drop_path_rate",
    "attn_pool_num_heads",
    "attn_pool_mlp_ratio",
    "head_init_scale",
    "swiglu_align_to",
  };

  private TimmConfig() {}

  static VisionConfig read(JsonObject vision) {
    if (!vision.optionalText("model_type").orElse("timm_wrapper").equals("timm_wrapper")) {
      throw vision.wrong("model_type", "\"timm_wrapper\"");
    }
    // What timm's pre-trained file was made for; the weights are in the checkpoint.
    vision.ignore(
        "do_pooling",
        "global_pool",
        "initializer_range",
        "label_names",
        "num_classes",
        "num_features",
        "pretrained_cfg",
        "dtype",
        "torch_dtype",
        "transformers_version",
        "_name_or_path",
        "architectures");
    var architecture = ARCHITECTURES.get(vision.text("architecture"));
    if (architecture == null) {
      throw vision.wrong(
          "architecture", "one of " + String.join(", ", new TreeSet<>(ARCHITECTURES.keySet())));
    }
    var args = vision.object("model_args");
    requireSameNetwork(args);
    try {
      var config = read(architecture, args);
      if (!args.unread().isEmpty()) {
        throw args.inconsistent(
            "%s may change the tower, and plm4j does not know what it does"
                .formatted(Excerpt.of(args.unread())));
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw args.inconsistent(e.getMessage());
    }
  }

  private static VisionConfig read(Architecture architecture, JsonObject args) {
    int width =
        args.optionalInteger("embed_dim", 1, VisionConfig.MAX_SIZE).orElse(architecture.width());
    double mlpRatio = args.optionalNumber("mlp_ratio", 0, 1000).orElse(architecture.mlpRatio());
    int imageSize = square(args, "img_size").orElse(architecture.imageSize());
    var rope = architecture.rope();
    return new VisionConfig(
        width,
        args.optionalInteger("depth", 1, VisionConfig.MAX_DEPTH).orElse(architecture.depth()),
        args.optionalInteger("num_heads", 1, VisionConfig.MAX_SIZE).orElse(HEADS),
        (int) (width * mlpRatio), // timm cuts the fraction off too
        imageSize,
        square(args, "patch_size").orElse(PATCH_SIZE),
        args.optionalFlag("class_token")
            .map(there -> there ? ClassToken.PRESENT : ClassToken.ABSENT)
            .orElse(architecture.classToken()),
        NORM_EPS,
        new GridRope(
            args.optionalNumber("rope_temperature", Double.MIN_NORMAL, Double.MAX_VALUE)
                .orElse(rope.theta()),
            square(args, "ref_feat_shape").orElse(rope.referenceSide()),
            args.optionalNumber("rope_grid_offset", -1e6, 1e6).orElse(rope.offset())));
  }

  private static void requireSameNetwork(JsonObject args) {
    args.ignore(WITHOUT_EFFECT);
    FIXED_FLAGS.forEach((key, only) -> {
      if (!args.optionalFlag(key).orElse(only).equals(only)) {
        throw args.wrong(key, only + "; plm4j computes no other tower");
      }
    });
    FIXED_TEXTS.forEach((key, only) -> {
      if (!args.optionalText(key).orElse(only).equals(only)) {
        throw args.wrong(key, "\"" + only + "\"; plm4j computes no other tower");
      }
    });
    FIXED_NUMBERS.forEach((key, only) -> {
      if (args.optionalInteger(key, 0, Integer.MAX_VALUE).orElse(only) != only) {
        throw args.wrong(key, only + "; plm4j computes no other tower");
      }
    });
    // Left out, these three mean a pooling head, a last norm and no LayerScale.
    if (!args.optionalText("global_pool").orElse("map").isEmpty()) {
      throw args.wrong("global_pool", "\"\", a tower without a pooling head");
    }
    if (args.optionalFlag("use_post_transformer_norm").orElse(true)) {
      throw args.wrong("use_post_transformer_norm", "false, a tower without a last norm");
    }
    if (args.optionalNumber("init_values", -1e6, 1e6).isEmpty()) {
      throw args.wrong("init_values", "a number such as 0.1, a tower with LayerScale");
    }
  }

  /// The side that `448` and `[448, 448]` name.
  private static OptionalInt square(JsonObject args, String key) {
    var sides = args.integers(key, 1, 1 << 14);
    if (!args.has(key)) {
      return OptionalInt.empty();
    }
    if (sides.isEmpty() || sides.size() > 2 || !sides.getFirst().equals(sides.getLast())) {
      throw args.wrong(key, "one size or two equal ones; plm4j's pictures are square");
    }
    return OptionalInt.of(sides.getFirst());
  }
}
