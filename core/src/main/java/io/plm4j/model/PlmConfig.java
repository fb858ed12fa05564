package io.plm4j.model;

import io.plm4j.checkpoint.Shape;
import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.layout.Layout;
import io.plm4j.tensor.DType;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.VisionConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The shape of a Perception Language Model, as `config.json` or `params.json` gives it.
///
/// @param poolingRatio how many columns, and rows, of patch vectors are averaged to one
/// @param imageTokenId the token that stands for a vector of a picture
/// @param videoTokenId the token that stands for a vector of a frame
/// @param storedType the element type that the checkpoint was saved with, where the file says it
/// @param unknownKeys paths in the file that plm4j does not know and does not obey, for a caller to
///   show
public record PlmConfig(
    VisionConfig vision,
    DecoderConfig decoder,
    int poolingRatio,
    int imageTokenId,
    int videoTokenId,
    Optional<DType> storedType,
    List<String> unknownKeys) {

  public PlmConfig {
    unknownKeys = List.copyOf(unknownKeys);
    if (poolingRatio < 1 || vision.gridSide() % poolingRatio != 0) {
      throw new IllegalArgumentException(
          "projector_pooling_ratio %d does not divide the %d columns of the grid of patches"
              .formatted(poolingRatio, vision.gridSide()));
    }
    if (imageTokenId == videoTokenId) {
      throw new IllegalArgumentException(
          "image_token_id and video_token_id are both %d".formatted(imageTokenId));
    }
    for (int id : new int[] {imageTokenId, videoTokenId}) {
      if (id < 0 || id >= decoder.vocabSize()) {
        throw new IllegalArgumentException(
            "token id %d is outside the vocabulary of %d".formatted(id, decoder.vocabSize()));
      }
    }
  }

  /// Reads `config.json` of a model folder or, where Meta's code wrote it, `params.json`.
  public static PlmConfig read(Path folder) {
    var layout = Layout.of(folder);
    var json = JsonObject.read(folder.resolve(layout.configFile()));
    return switch (layout) {
      case HUGGING_FACE -> read(json);
      case ORIGINAL -> readParams(json);
    };
  }

  /// Reads the content of a `params.json`.
  public static PlmConfig readParams(JsonObject json) {
    return ParamsFile.read(json);
  }

  /// Reads the content of a `config.json` as transformers 4.54 to 5.18 write it.
  public static PlmConfig read(JsonObject json) {
    if (!json.text("model_type").equals("perception_lm")) {
      throw json.wrong("model_type", "\"perception_lm\"; other models are not read");
    }
    json.optionalObject("quantization_config").ifPresent(PlmConfig::requireKnown);
    json.ignore("architectures", "transformers_version", "_name_or_path");
    var vision = VisionConfig.read(json.object("vision_config"));
    requireSameClassToken(json, vision);
    var decoder = DecoderConfig.read(json.object("text_config"), json);
    int pooling = json.optionalInteger("projector_pooling_ratio", 1, 1 << 10).orElse(1);
    int image = json.optionalInteger("image_token_id", 0, Integer.MAX_VALUE).orElse(128_002);
    int video = json.optionalInteger("video_token_id", 0, Integer.MAX_VALUE).orElse(128_003);
    var type = storedType(json);
    try {
      return new PlmConfig(vision, decoder, pooling, image, video, type, json.unread());
    } catch (IllegalArgumentException e) {
      throw json.inconsistent(e.getMessage());
    }
  }

  /// Vectors, and so tokens, that a tile or a frame becomes.
  public int tokensPerTile() {
    return tileSide() * tileSide();
  }

  /// Vectors that a tile or a frame becomes, across and down.
  public int tileSide() {
    return vision.gridSide() / poolingRatio;
  }

  /// Every tensor that a checkpoint of this model has, with its shape, by the names of [HfNames].
  public SequencedMap<String, Shape> expectedTensors() {
    return TensorLayout.of(this);
  }

  /// Number of parameters; a tied head counts once.
  public long parameters() {
    return expectedTensors().values().stream().mapToLong(Shape::elements).sum();
  }

  /// What was quantised, and how, is read from the weights themselves.
  private static void requireKnown(JsonObject json) {
    switch (json.text("quant_method")) {
      case "bitsandbytes" -> requireNf4(json);
      case Quantization.METHOD -> Quantization.read(json);
      default ->
          throw json.wrong(
              "quant_method",
              "\"plm4j\" or \"bitsandbytes\"; take the bfloat16 checkpoint instead of this one");
    }
  }

  private static void requireNf4(JsonObject json) {
    if (json.optionalFlag("load_in_8bit").orElse(false)
        || !json.optionalFlag("load_in_4bit").orElse(false)) {
      throw json.wrong("load_in_4bit", "true, and not load_in_8bit: only NF4 is read");
    }
    if (!json.optionalText("bnb_4bit_quant_type").orElse("fp4").equals("nf4")) {
      throw json.wrong("bnb_4bit_quant_type", "\"nf4\"");
    }
    json.ignore(json.keys().toArray(String[]::new));
  }

  private static void requireSameClassToken(JsonObject json, VisionConfig vision) {
    boolean used = json.optionalFlag("vision_use_cls_token").orElse(true);
    if (used != (vision.classToken() == ClassToken.PRESENT)) {
      throw json.wrong(
          "vision_use_cls_token", "%s, as vision_config's architecture has it".formatted(!used));
    }
  }

  /// transformers 4 writes `torch_dtype`, 5 `dtype`.
  private static Optional<DType> storedType(JsonObject json) {
    var newer = storedType(json, "dtype");
    var older = storedType(json, "torch_dtype");
    if (newer.isPresent() && older.isPresent() && !newer.equals(older)) {
      throw json.wrong("torch_dtype", "the same as dtype");
    }
    return newer.or(() -> older);
  }

  private static Optional<DType> storedType(JsonObject json, String key) {
    return json.optionalText(key)
        .map(name ->
            switch (name) {
              case "bfloat16", "torch.bfloat16" -> DType.BF16;
              case "float16", "torch.float16" -> DType.F16;
              case "float32", "torch.float32" -> DType.F32;
              default -> throw json.wrong(key, "\"bfloat16\", \"float16\" or \"float32\"");
            });
  }
}
