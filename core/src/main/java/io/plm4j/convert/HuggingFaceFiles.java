package io.plm4j.convert;

import io.plm4j.generate.GenerationDefaults;
import io.plm4j.json.PrettyJson;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.layout.Layout;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.Normalization;
import io.plm4j.media.VideoSettings;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.text.TokenizerFiles;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.VisionConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The files of Hugging Face's layout beside the weights, with the keys of the published
/// checkpoints, which transformers 4 and 5 both read.
final class HuggingFaceFiles {
  private static final String PROCESSOR = "PerceptionLMProcessor";

  /// What timm's two architectures have where `model_args` say nothing.
  private static final int TIMM_HEADS = 16;

  private static final int TIMM_PATCH = 14;
  private static final int LARGE_MLP_RATIO = 4;
  private static final int BICUBIC = 3; // of Pillow's enumeration

  private HuggingFaceFiles() {}

  /// @param type what the model is to be computed in
  static void write(ModelFiles files, DType type, Path folder) {
    var config = files.config();
    write(config, files.media(), files.defaults(), type, folder);
    OriginalFiles.write(folder.resolve("chat_template.jinja"), files.template().source());
    TokenizerFiles.write(
        files.tokenizer(), folder, Layout.HUGGING_FACE, config.decoder().maxPositions());
  }

  /// All but the words: what the model is, how it answers, and what is done to pictures.
  static void write(
      PlmConfig config, MediaSettings media, GenerationDefaults defaults, DType type, Path folder) {
    PrettyJson.write(folder.resolve("config.json"), config(config, defaults, type));
    PrettyJson.write(folder.resolve("generation_config.json"), generation(defaults));
    PrettyJson.write(folder.resolve("preprocessor_config.json"), preprocessor(media));
    PrettyJson.write(folder.resolve("video_preprocessor_config.json"), video(media));
    var processor = new LinkedHashMap<String, Object>();
    processor.put("patch_size", media.patchSize());
    processor.put("pooling_ratio", media.poolingRatio());
    processor.put("processor_class", PROCESSOR);
    PrettyJson.write(folder.resolve("processor_config.json"), processor);
  }

  private static Map<String, Object> config(
      PlmConfig config, GenerationDefaults defaults, DType type) {
    var json = new LinkedHashMap<String, Object>();
    json.put("architectures", List.of("PerceptionLMForConditionalGeneration"));
    json.put("image_token_id", config.imageTokenId());
    json.put("model_type", "perception_lm");
    json.put("projector_pooling_ratio", config.poolingRatio());
    json.put("text_config", text(config.decoder(), defaults));
    json.put("tie_word_embeddings", config.decoder().tiedHead());
    json.put("torch_dtype", typeName(type));
    // Whose keys these are. Without it transformers 5 takes the tokenizer for one of Mistral's.
    json.put("transformers_version", "4.54.0");
    json.put("video_token_id", config.videoTokenId());
    json.put("vision_config", vision(config.vision()));
    json.put("vision_use_cls_token", config.vision().classToken() == ClassToken.PRESENT);
    return json;
  }

  /// How a configuration calls the type that a model is computed in.
  static String typeName(DType type) {
    return switch (type) {
      case BF16 -> "bfloat16";
      case F16 -> "float16";
      case F32, F64, I64, I32, I16, I8, U8, BOOL -> "float32";
    };
  }

  private static Map<String, Object> text(DecoderConfig decoder, GenerationDefaults defaults) {
    var json = new LinkedHashMap<String, Object>();
    json.put("attention_bias", false);
    json.put("attention_dropout", 0.0);
    defaults.bosId().ifPresent(id -> json.put("bos_token_id", id));
    json.put("eos_token_id", defaults.eosIds());
    json.put("head_dim", decoder.headDim());
    json.put("hidden_act", "silu");
    json.put("hidden_size", decoder.hiddenSize());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", decoder.intermediateSize());
    json.put("max_position_embeddings", decoder.maxPositions());
    json.put("mlp_bias", false);
    json.put("model_type", "llama");
    json.put("num_attention_heads", decoder.heads());
    json.put("num_hidden_layers", decoder.layers());
    json.put("num_key_value_heads", decoder.kvHeads());
    json.put("pretraining_tp", 1);
    json.put("rms_norm_eps", decoder.normEps());
    json.put("rope_theta", decoder.rope().theta());
    switch (decoder.rope().scaling()) {
      case RopeScaling.None() -> {}
      case RopeScaling.Llama3(double factor, double low, double high, int context) -> {
        var scaling = new LinkedHashMap<String, Object>();
        scaling.put("factor", factor);
        scaling.put("high_freq_factor", high);
        scaling.put("low_freq_factor", low);
        scaling.put("original_max_position_embeddings", context);
        scaling.put("rope_type", "llama3");
        json.put("rope_scaling", scaling);
      }
    }
    json.put("tie_word_embeddings", decoder.tiedHead());
    json.put("use_cache", true);
    json.put("vocab_size", decoder.vocabSize());
    return json;
  }

  /// The architecture is the published one with or without a class token; what differs from it is
  /// stated.
  private static Map<String, Object> vision(VisionConfig vision) {
    boolean large = vision.classToken() == ClassToken.PRESENT;
    var args = new LinkedHashMap<String, Object>();
    args.put("depth", vision.depth());
    args.put("embed_dim", vision.width());
    args.put("global_pool", "");
    args.put("img_size", List.of(vision.imageSize(), vision.imageSize()));
    args.put("init_values", 0.1);
    args.put("ref_feat_shape", List.of(vision.gridSide(), vision.gridSide()));
    args.put("use_post_transformer_norm", false);
    if (vision.heads() != TIMM_HEADS) {
      args.put("num_heads", vision.heads());
    }
    if (vision.patchSize() != TIMM_PATCH) {
      args.put("patch_size", vision.patchSize());
    }
    if (!isTimmRatio(vision, large)) {
      args.put("mlp_ratio", MlpRatio.of(vision.width(), vision.mlpHidden()));
    }
    var json = new LinkedHashMap<String, Object>();
    json.put(
        "architecture",
        large ? "vit_pe_core_large_patch14_336" : "vit_pe_core_gigantic_patch14_448");
    json.put("do_pooling", true);
    json.put("initializer_range", 0.02);
    json.put("label_names", List.of());
    json.put("model_args", args);
    json.put("model_type", "timm_wrapper");
    json.put("num_classes", 0);
    return json;
  }

  private static boolean isTimmRatio(VisionConfig vision, boolean large) {
    double ratio = large ? LARGE_MLP_RATIO : 8960.0 / 1536;
    return (int) (vision.width() * ratio) == vision.mlpHidden();
  }

  private static Map<String, Object> generation(GenerationDefaults defaults) {
    var json = new LinkedHashMap<String, Object>();
    defaults.bosId().ifPresent(id -> json.put("bos_token_id", id));
    json.put("eos_token_id", defaults.eosIds());
    defaults.padId().ifPresent(id -> json.put("pad_token_id", id));
    return json;
  }

  private static Map<String, Object> preprocessor(MediaSettings media) {
    var image = media.image();
    var json = steps(image.tileSize(), image.normalization());
    json.put("image_processor_type", "PerceptionLMImageProcessorFast");
    json.put("max_frame_tiles", 1);
    json.put("max_num_tiles", image.maxTiles());
    json.put("processor_class", PROCESSOR);
    json.put("tile_size", image.tileSize());
    json.put("vision_input_type", image.visionInput().label());
    return json;
  }

  private static Map<String, Object> video(MediaSettings media) {
    var json = steps(media.video().size(), media.video().normalization());
    int frames = media.video().frames();
    if (frames != VideoSettings.DEFAULT.frames()) {
      // The published files leave it to who asks.
      json.put("do_sample_frames", true);
      json.put("num_frames", frames);
    }
    json.put("processor_class", PROCESSOR);
    json.put("video_processor_type", "PerceptionLMVideoProcessor");
    return json;
  }

  private static Map<String, Object> steps(int size, Normalization normalization) {
    var json = new LinkedHashMap<String, Object>();
    json.put("data_format", "channels_first");
    json.put("default_to_square", true);
    json.put("do_center_crop", false);
    json.put("do_convert_rgb", true);
    json.put("do_normalize", true);
    json.put("do_rescale", true);
    json.put("do_resize", true);
    json.put("image_mean", normalization.mean());
    json.put("image_std", normalization.std());
    json.put("resample", BICUBIC);
    json.put("rescale_factor", normalization.rescaleFactor());
    var sides = new LinkedHashMap<String, Object>();
    sides.put("height", size);
    sides.put("width", size);
    json.put("size", sides);
    return json;
  }
}
