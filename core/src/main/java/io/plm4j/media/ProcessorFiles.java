package io.plm4j.media;

import io.plm4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/// Reads what transformers 4 and 5 write beside a checkpoint about pictures and videos.
final class ProcessorFiles {
  private static final System.Logger LOG = System.getLogger(ProcessorFiles.class.getName());

  /// Keys that change nothing here: names of classes, and what a caller of the reference may
  /// choose.
  private static final String[] WITHOUT_EFFECT = {
    "_valid_processor_keys",
    "auto_map",
    "crop_size",
    "data_format",
    "default_to_square",
    "device",
    "disable_grouping",
    "do_sample_frames",
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
    "video_processor_type"
  };

  private ProcessorFiles() {}

  static MediaSettings read(Path checkpoint) {
    var processor = readFile(checkpoint.resolve("processor_config.json"));
    var image =
        processor
            .optionalObject("image_processor")
            .orElseGet(() -> readFile(checkpoint.resolve("preprocessor_config.json")));
    var video =
        processor
            .optionalObject("video_processor")
            .orElseGet(() -> readFile(checkpoint.resolve("video_preprocessor_config.json")));
    var published = MediaSettings.DEFAULT;
    var settings =
        new MediaSettings(
            image(image),
            video(video),
            processor
                .optionalInteger("patch_size", 1, ImageSettings.MAX_TILE_SIZE)
                .orElse(published.patchSize()),
            processor.optionalInteger("pooling_ratio", 1, 64).orElse(published.poolingRatio()));
    requireTokens(image, "tile_size", settings.tokensPerTile());
    requireTokens(video, "size", settings.tokensPerFrame());
    for (var json : List.of(processor, image, video)) {
      json.ignore(WITHOUT_EFFECT);
    }
    var unknown = new TreeSet<String>();
    for (var json : List.of(processor, image, video)) {
      unknown.addAll(json.unread());
    }
    if (!unknown.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the processor files in {0} have keys that are not known here: {1}",
          checkpoint,
          String.join(", ", unknown));
    }
    return settings;
  }

  /// A file that is not there has no keys.
  private static JsonObject readFile(Path file) {
    return Files.exists(file)
        ? JsonObject.read(file)
        : JsonObject.parse(file.toString(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void requireTokens(JsonObject json, String key, int tokens) {
    if (tokens < 1) {
      throw json.wrong(key, "at least patch_size times pooling_ratio");
    }
  }

  private static ImageSettings image(JsonObject json) {
    var published = ImageSettings.DEFAULT;
    int tileSize =
        json.optionalInteger("tile_size", 1, ImageSettings.MAX_TILE_SIZE)
            .orElse(published.tileSize());
    // The tiles' size decides; `size` is there for programs that know no tiles.
    square(json, tileSize);
    requireOrdinarySteps(json);
    return new ImageSettings(
        json.optionalText("vision_input_type")
            .map(name -> visionInput(json, name))
            .orElse(published.visionInput()),
        tileSize,
        json.optionalInteger("max_num_tiles", 1, ImageSettings.MAX_TILES)
            .orElse(published.maxTiles()),
        normalization(json),
        published.bicubic());
  }

  static VisionInput visionInput(JsonObject json, String name) {
    return VisionInput.named(name)
        .orElseThrow(() -> json.wrong("vision_input_type", "thumb+tile or vanilla"));
  }

  private static VideoSettings video(JsonObject json) {
    var published = VideoSettings.DEFAULT;
    requireOrdinarySteps(json);
    return new VideoSettings(
        square(json, published.size()),
        json.optionalInteger("num_frames", 1, VideoSettings.MAX_FRAMES).orElse(published.frames()),
        normalization(json),
        published.bicubic());
  }

  /// The side that `size` states with equal height and width.
  private static int square(JsonObject json, int missing) {
    var size = json.optionalObject("size");
    if (size.isEmpty()) {
      return missing;
    }
    int height = size.get().integer("height", 1, ImageSettings.MAX_TILE_SIZE);
    if (height != size.get().integer("width", 1, ImageSettings.MAX_TILE_SIZE)) {
      throw json.wrong("size", "a square");
    }
    return height;
  }

  /// The steps are always resize with the bicubic filter, rescale, normalise.
  private static void requireOrdinarySteps(JsonObject json) {
    require(json, "do_resize", true);
    require(json, "do_rescale", true);
    require(json, "do_normalize", true);
    require(json, "do_center_crop", false);
    require(json, "do_pad", false);
    int bicubic = 3; // of Pillow's enumeration
    if (json.optionalInteger("resample", 0, 5).orElse(bicubic) != bicubic) {
      throw json.wrong("resample", "3 (bicubic), the only filter there is here");
    }
  }

  private static void require(JsonObject json, String key, boolean wanted) {
    if (json.optionalFlag(key).orElse(wanted) != wanted) {
      throw json.wrong(key, wanted + "; nothing else is possible here");
    }
  }

  private static Normalization normalization(JsonObject json) {
    var published = Normalization.DEFAULT;
    // 32-bit floats are what the reference reckons with: less is zero there, more is infinite.
    double most = Float.MAX_VALUE;
    double least = Float.MIN_NORMAL;
    return new Normalization(
        json.optionalNumber("rescale_factor", least, most).orElse(published.rescaleFactor()),
        perChannel(json, "image_mean", json.numbers("image_mean", -most, most), published.mean()),
        perChannel(json, "image_std", json.numbers("image_std", least, most), published.std()));
  }

  /// Three numbers, or one for all three channels.
  private static List<Double> perChannel(
      JsonObject json, String key, List<Double> found, List<Double> missing) {
    if (!json.has(key)) {
      return missing;
    }
    return switch (found.size()) {
      case 1 -> Collections.nCopies(3, found.getFirst());
      case 3 -> found;
      default -> throw json.wrong(key, "three numbers, for red, green and blue");
    };
  }
}
