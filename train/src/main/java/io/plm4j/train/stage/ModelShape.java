package io.plm4j.train.stage;

import io.plm4j.convert.NewModel;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The shape of a model that is made from nothing, as a short file gives it: all but what follows
/// from the tokenizer.
///
/// ```yaml
/// shape:
///   image_size: 224
///   vision: {width: 192, depth: 8, heads: 3, mlp_ratio: 4, class_token: true}
///   text: {hidden: 256, inner: 704, layers: 6, heads: 8, kv_heads: 4, tied: true, rope_theta: 10000}
///   pooling: 2
///   vision_input_type: thumb+tile
///   max_num_tiles: 4
///   num_frames: 8
/// ```
///
/// @param input whether a picture is cut into tiles, or one tile itself
/// @param maxTiles the most tiles of a picture, without the thumbnail
/// @param frames the most of a video where nobody says how many
/// @param layerScale what the gains of the tower's residual branches begin with
public record ModelShape(
    Vision vision,
    Text text,
    int pooling,
    VisionInput input,
    int maxTiles,
    int frames,
    double layerScale) {
  private static final int MAX = 1 << 20;

  /// The vision tower; sizes as in [VisionConfig].
  public record Vision(
      int imageSize,
      int patchSize,
      int width,
      int depth,
      int heads,
      double mlpRatio,
      ClassToken classToken) {}

  /// The decoder; sizes as in [DecoderConfig].
  public record Text(
      int hidden,
      int inner,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int maxPositions,
      double normEps,
      RopeConfig rope,
      Tying tying) {}

  /// Whether the output head is the embedding.
  public enum Tying {
    TIED,
    UNTIED
  }

  /// Reads a shape's file, YAML or JSON. What it leaves out is as in the published models.
  ///
  /// @throws InputException naming the key that is missing, unknown or cannot be
  public static ModelShape read(Path file) {
    return read(YamlFile.read(file), file);
  }

  private static ModelShape read(JsonObject json, Path file) {
    var shape = json.has("shape") ? json.object("shape") : json;
    var vision = shape.object("vision");
    int imageSize = shape.optionalInteger("image_size", 1, MAX).orElse(448);
    int patchSize = shape.optionalInteger("patch_size", 1, MAX).orElse(14);
    var text = shape.object("text");
    var read =
        new ModelShape(
            vision(vision, imageSize, patchSize),
            text(text),
            shape.optionalInteger("pooling", 1, 1 << 10).orElse(2),
            input(shape),
            shape.optionalInteger("max_num_tiles", 1, 1024).orElse(36),
            shape.optionalInteger("num_frames", 1, 1 << 20).orElse(VideoSettings.DEFAULT.frames()),
            vision.optionalNumber("layer_scale", -1e6, 1e6).orElse(0.1));
    if (!json.unread().isEmpty()) {
      throw new InputException(
          "%s: unknown: %s. Remove what is misspelled; the guide lists the keys of a shape."
              .formatted(file, Excerpt.of(json.unread())));
    }
    return read;
  }

  private static VisionInput input(JsonObject shape) {
    var name = shape.optionalText("vision_input_type").orElse(VisionInput.THUMB_AND_TILES.label());
    return VisionInput.named(name)
        .orElseThrow(() ->
            shape.inconsistent(
                "vision_input_type is \"%s\", wanted \"thumb+tile\" or \"vanilla\""
                    .formatted(Excerpt.of(name))));
  }

  private static Vision vision(JsonObject vision, int imageSize, int patchSize) {
    return new Vision(
        imageSize,
        patchSize,
        vision.integer("width", 1, MAX),
        vision.integer("depth", 1, 1024),
        vision.integer("heads", 1, MAX),
        vision.optionalNumber("mlp_ratio", Double.MIN_NORMAL, 1000).orElse(4),
        vision.optionalFlag("class_token").orElse(true) ? ClassToken.PRESENT : ClassToken.ABSENT);
  }

  private static Text text(JsonObject text) {
    int hidden = text.integer("hidden", 1, MAX);
    int heads = text.integer("heads", 1, MAX);
    var headDim = text.optionalInteger("head_dim", 1, MAX);
    if (headDim.isEmpty() && hidden % heads != 0) {
      throw text.inconsistent(
          "hidden %d is no multiple of heads %d, and head_dim is absent".formatted(hidden, heads));
    }
    return new Text(
        hidden,
        text.integer("inner", 1, MAX),
        text.integer("layers", 1, 1024),
        heads,
        text.optionalInteger("kv_heads", 1, MAX).orElse(heads),
        headDim.orElse(hidden / heads),
        text.optionalInteger("max_positions", 1, MAX).orElse(11_520),
        text.optionalNumber("norm_eps", Double.MIN_NORMAL, 1).orElse(1e-5),
        rope(text),
        text.optionalFlag("tied").orElse(true) ? Tying.TIED : Tying.UNTIED);
  }

  private static RopeConfig rope(JsonObject text) {
    double theta = text.optionalNumber("rope_theta", 1, Double.MAX_VALUE).orElse(500_000);
    var scaling = text.optionalObject("rope_scaling");
    return new RopeConfig(
        theta, scaling.isPresent() ? llama3(scaling.get()) : new RopeScaling.None());
  }

  private static RopeScaling llama3(JsonObject scaling) {
    try {
      return new RopeScaling.Llama3(
          scaling.number("factor", 1, 1e6),
          scaling.optionalNumber("low_freq_factor", Double.MIN_NORMAL, 1e6).orElse(1),
          scaling.optionalNumber("high_freq_factor", Double.MIN_NORMAL, 1e6).orElse(4),
          scaling.optionalInteger("original_max_positions", 1, MAX).orElse(8192));
    } catch (IllegalArgumentException e) {
      throw scaling.inconsistent(e.getMessage());
    }
  }

  /// The configuration of a model of this shape with so many tokens.
  ///
  /// @param where the shape is from, for messages
  /// @throws InputException if the sizes do not fit each other
  PlmConfig config(int vocabSize, NewModel.Ids ids, DType type, Path where) {
    try {
      return new PlmConfig(
          tower(),
          decoder(vocabSize),
          pooling,
          ids.image(),
          ids.video(),
          Optional.of(type),
          List.of());
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s.".formatted(where, e.getMessage()), e);
    }
  }

  private VisionConfig tower() {
    int side = vision.imageSize() / vision.patchSize();
    return new VisionConfig(
        vision.width(),
        vision.depth(),
        vision.heads(),
        (int) (vision.width() * vision.mlpRatio()),
        vision.imageSize(),
        vision.patchSize(),
        vision.classToken(),
        1e-5,
        GridRope.of(side, vision.classToken()));
  }

  private DecoderConfig decoder(int vocabSize) {
    return new DecoderConfig(
        text.hidden(),
        text.inner(),
        text.layers(),
        text.heads(),
        text.kvHeads(),
        text.headDim(),
        vocabSize,
        text.maxPositions(),
        text.normEps(),
        text.rope(),
        text.tying() == Tying.TIED);
  }
}
