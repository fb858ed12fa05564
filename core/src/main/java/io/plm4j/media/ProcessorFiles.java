package io.plm4j.media;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Reads what transformers 4 and 5 write beside a checkpoint about pictures and videos.
final class ProcessorFiles {
  /// Keys that change nothing here: names of classes, and what a caller of the reference may
  /// choose.
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "_valid_processor_keys",
          "crop_size",
          "data_format",
          "default_to_square",
          "device",
          "disable_grouping",
          "do_convert_rgb",
          "feature_extractor_type",
          "image_processor_type",
          "image_seq_length",
          "input_data_format",
          "max_frame_tiles",
          "pad_size",
          "processor_class",
          "return_metadata",
          "return_tensors",
          "video_metadata",
          "video_processor_type");

  private ProcessorFiles() {}

  static MediaSettings read(Path checkpoint) {
    var processor = JsonSection.readFile(checkpoint.resolve("processor_config.json"));
    var image = section(processor, "image_processor", checkpoint, "preprocessor_config.json");
    var video = section(processor, "video_processor", checkpoint, "video_preprocessor_config.json");
    var published = MediaSettings.DEFAULT;
    var settings =
        new MediaSettings(
            image(image),
            video(video),
            processor.integer("patch_size", published.patchSize(), 1, ImageSettings.MAX_TILE_SIZE),
            processor.integer("pooling_ratio", published.poolingRatio(), 1, 64));
    processor.warnOfUnknown(
        Set.of("image_processor", "video_processor", "processor_class", "auto_map"));
    image.warnOfUnknown(WITHOUT_EFFECT);
    video.warnOfUnknown(WITHOUT_EFFECT);
    requireTokens(image, "tile_size", settings.tokensPerTile());
    requireTokens(video, "size", settings.tokensPerFrame());
    return settings;
  }

  private static JsonSection section(
      JsonSection processor, String key, Path checkpoint, String oldFile) {
    return processor.has(key)
        ? processor.section(key)
        : JsonSection.readFile(checkpoint.resolve(oldFile));
  }

  private static void requireTokens(JsonSection json, String key, int tokens) {
    if (tokens < 1) {
      throw json.unusable(key, "at least patch_size times pooling_ratio");
    }
  }

  private static ImageSettings image(JsonSection json) {
    var published = ImageSettings.DEFAULT;
    int tileSize = json.integer("tile_size", published.tileSize(), 1, ImageSettings.MAX_TILE_SIZE);
    // The tiles' size decides; `size` is there for programs that know no tiles.
    json.square("size", tileSize);
    requireOrdinarySteps(json);
    return new ImageSettings(
        json.choice(
            "vision_input_type",
            List.of("thumb+tile", "vanilla"),
            List.of(VisionInput.THUMB_AND_TILES, VisionInput.VANILLA),
            published.visionInput()),
        tileSize,
        json.integer("max_num_tiles", published.maxTiles(), 1, ImageSettings.MAX_TILES),
        normalization(json),
        published.bicubic());
  }

  private static VideoSettings video(JsonSection json) {
    var published = VideoSettings.DEFAULT;
    requireOrdinarySteps(json);
    return new VideoSettings(
        json.square("size", published.size()), normalization(json), published.bicubic());
  }

  /// The steps are always resize with the bicubic filter, rescale, normalise.
  private static void requireOrdinarySteps(JsonSection json) {
    json.require("do_resize", true);
    json.require("do_rescale", true);
    json.require("do_normalize", true);
    json.require("do_center_crop", false);
    json.require("do_pad", false);
    int bicubic = 3; // of Pillow's enumeration
    if (json.integer("resample", bicubic, 0, 5) != bicubic) {
      throw json.unusable("resample", "3 (bicubic), the only filter there is here");
    }
  }

  private static Normalization normalization(JsonSection json) {
    var published = Normalization.DEFAULT;
    return new Normalization(
        json.positive("rescale_factor", published.rescaleFactor()),
        json.perChannel("image_mean", published.mean()),
        json.perChannel("image_std", published.std()));
  }
}
