package io.plm4j.convert;

import io.plm4j.error.InputException;
import io.plm4j.json.PrettyJson;
import io.plm4j.language.FeedForwardSize;
import io.plm4j.language.RopeScaling;
import io.plm4j.layout.Layout;
import io.plm4j.media.Normalization;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.TokenizerFiles;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The files of Meta's layout beside the weights.
final class OriginalFiles {
  private static final double VISION_THETA = 10_000;
  private static final int SPECIAL_TOKENS = 256;
  private static final int END_OF_TEXT = 1;
  private static final int END_OF_TURN = 9;

  private OriginalFiles() {}

  /// What of a model Meta's code has no key for.
  static List<String> obstacles(ModelFiles files) {
    var obstacles = new ArrayList<String>();
    var vision = files.config().vision();
    var media = files.media();
    var grid = new GridRope(VISION_THETA, vision.gridSide(), vision.classToken().count());
    if (!vision.rope().equals(grid)) {
      obstacles.add("the tower's positions are %s, Meta's are %s".formatted(vision.rope(), grid));
    }
    for (var normalization :
        List.of(media.image().normalization(), media.video().normalization())) {
      if (!normalization.equals(Normalization.DEFAULT)) {
        obstacles.add("the normalisation of pictures is not 0.5 and 0.5");
      }
    }
    if (media.image().tileSize() != vision.imageSize()
        || media.video().size() != vision.imageSize()
        || media.patchSize() != vision.patchSize()
        || media.poolingRatio() != files.config().poolingRatio()) {
      obstacles.add("the processor's sizes are not those of the model");
    }
    int first = files.config().decoder().vocabSize() - SPECIAL_TOKENS;
    var defaults = files.defaults();
    if (!Set.copyOf(defaults.eosIds()).equals(Set.of(first + END_OF_TEXT, first + END_OF_TURN))) {
      obstacles.add("answers end at the tokens " + defaults.eosIds());
    }
    if (defaults.doSample()
        || defaults.maxNewTokens().isPresent()
        || defaults.repetitionPenalty().orElse(1) != 1) {
      obstacles.add("generation_config.json asks for more than the likeliest tokens");
    }
    return obstacles;
  }

  /// @param type what the model is to be computed in
  static void write(ModelFiles files, DType type, Path folder) {
    var params = new LinkedHashMap<String, Object>();
    params.put("model", model(files.config()));
    params.put("distributed", Map.of("model_dtype", typeName(type)));
    params.put("data", data(files));
    PrettyJson.write(folder.resolve(Layout.ORIGINAL.configFile()), params);
    var decoder = files.config().decoder();
    TokenizerFiles.write(files.tokenizer(), folder, Layout.ORIGINAL, decoder.maxPositions());
    writeTemplate(files.template(), folder);
  }

  /// Meta's code has its template built in; another one is kept for the way back, and for plm4j.
  private static void writeTemplate(ChatTemplate template, Path folder) {
    if (!template.source().equals(ChatTemplate.plm().source())) {
      write(folder.resolve("chat_template.jinja"), template.source());
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private static Map<String, Object> model(PlmConfig config) {
    var decoder = config.decoder();
    var hidden = FeedForwardSize.of(decoder.hiddenSize(), decoder.intermediateSize());
    var model = new LinkedHashMap<String, Object>();
    model.put("dim", decoder.hiddenSize());
    model.put("n_layers", decoder.layers());
    model.put("head_dim", decoder.headDim());
    model.put("n_heads", decoder.heads());
    model.put("n_kv_heads", decoder.kvHeads());
    model.put("ffn_dim_multiplier", hidden.factor());
    model.put("multiple_of", hidden.multiple());
    model.put("norm_eps", decoder.normEps());
    model.put("rope_theta", decoder.rope().theta());
    switch (decoder.rope().scaling()) {
      case RopeScaling.None() -> {
        model.put("rope_scale_factor", 1);
        model.put("use_scaled_rope", false);
      }
      case RopeScaling.Llama3(double factor, double low, double high, int context) -> {
        model.put("rope_scale_factor", number(factor));
        model.put("low_freq_factor", number(low));
        model.put("high_freq_factor", number(high));
        model.put("old_context_len", context);
        model.put("use_scaled_rope", true);
      }
    }
    model.put("vocab_size", decoder.vocabSize());
    model.put("weight_tying", decoder.tiedHead());
    model.put("max_seqlen", decoder.maxPositions());
    model.put("pooling_ratio", config.poolingRatio());
    model.put("remove_vision_class_token", true);
    model.put("vision_model", vision(config.vision()));
    return model;
  }

  /// Meta's classes declare these as integers.
  private static Number number(double value) {
    return value == Math.rint(value) && value < 1e9 ? (Number) (long) value : (Number) value;
  }

  private static Map<String, Object> vision(VisionConfig vision) {
    var tower = new LinkedHashMap<String, Object>();
    tower.put("image_size", vision.imageSize());
    tower.put("patch_size", vision.patchSize());
    tower.put("width", vision.width());
    tower.put("layers", vision.depth());
    tower.put("heads", vision.heads());
    tower.put("mlp_ratio", MlpRatio.of(vision.width(), vision.mlpHidden()));
    tower.put("use_cls_token", vision.classToken() == ClassToken.PRESENT);
    tower.put("use_abs_posemb", true);
    tower.put("use_rope2d", true);
    tower.put("ls_init_value", 0.1);
    tower.put("drop_path", 0.1);
    tower.put("use_ln_post", false);
    tower.put("pool_type", "none");
    return tower;
  }

  private static Map<String, Object> data(ModelFiles files) {
    var image = files.media().image();
    var data = new LinkedHashMap<String, Object>();
    data.put("tokenizer_name", "plmchat");
    data.put("tokenizer_path", "tokenizer.model");
    data.put("conversation_format", "plm_sft");
    data.put("vision_input_type", image.visionInput().label());
    data.put("max_num_tiles", image.maxTiles());
    data.put("max_video_frames", files.media().video().frames());
    return data;
  }

  private static String typeName(DType type) {
    return switch (type) {
      case BF16 -> "bf16";
      case F16 -> "fp16";
      case F32, F64, I64, I32, I16, I8, U8, BOOL -> "fp32";
    };
  }
}
