package io.plm4j.media;

import io.plm4j.json.JsonObject;
import io.plm4j.layout.Layout;
import java.nio.file.Path;

/// What Meta's `params.json` says about pictures and videos: sizes stand with the model, the rest
/// under `data` or, in the first releases, at the top.
final class ParamsSettings {
  private ParamsSettings() {}

  static MediaSettings read(Path folder) {
    var json = JsonObject.read(folder.resolve(Layout.ORIGINAL.configFile()));
    var model = json.object("model");
    var vision = model.object("vision_model");
    var data = json.optionalObject("data").orElse(json);
    var published = ImageSettings.DEFAULT;
    int size =
        vision
            .optionalInteger("image_size", 1, ImageSettings.MAX_TILE_SIZE)
            .orElseGet(() ->
                vision
                    .optionalInteger("pretrain_image_size", 1, ImageSettings.MAX_TILE_SIZE)
                    .orElse(published.tileSize()));
    var image =
        new ImageSettings(
            data.optionalText("vision_input_type")
                .map(name -> ProcessorFiles.visionInput(data, name))
                .orElse(published.visionInput()),
            size,
            data.optionalInteger("max_num_tiles", 1, ImageSettings.MAX_TILES)
                .orElse(published.maxTiles()),
            Normalization.DEFAULT,
            Bicubic.PILLOW);
    var settings =
        new MediaSettings(
            image,
            new VideoSettings(
                size,
                data.optionalInteger("max_video_frames", 1, VideoSettings.MAX_FRAMES)
                    .orElse(VideoSettings.DEFAULT.frames()),
                Normalization.DEFAULT,
                Bicubic.TORCHVISION_FLOAT),
            vision.integer("patch_size", 1, ImageSettings.MAX_TILE_SIZE),
            model.optionalInteger("pooling_ratio", 1, 1 << 10).orElse(1));
    if (settings.tokensPerTile() < 1) {
      throw vision.wrong("patch_size", "at most the picture's size over the pooling ratio");
    }
    return settings;
  }
}
