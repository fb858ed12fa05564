package io.plm4j.media;

import io.plm4j.layout.Layout;
import java.nio.file.Path;

/// Everything that a checkpoint's processor files say about pictures and videos.
///
/// @param patchSize side of the square that becomes one token, in pixels
/// @param poolingRatio how many tokens, across and down, are averaged into one
public record MediaSettings(
    ImageSettings image, VideoSettings video, int patchSize, int poolingRatio) {
  /// What the published checkpoints say.
  public static final MediaSettings DEFAULT =
      new MediaSettings(ImageSettings.DEFAULT, VideoSettings.DEFAULT, 14, 2);

  /// Reads `processor_config.json` with its `image_processor` and `video_processor` (transformers
  /// 5), else `preprocessor_config.json` and `video_preprocessor_config.json`. What the files leave
  /// out is as in [#DEFAULT]. In Meta's layout it is `params.json`, and pictures and frames are
  /// resized with the arithmetic of Meta's code.
  ///
  /// @param checkpoint the folder
  /// @throws io.plm4j.error.InputException naming file and key if a value is malformed or cannot be
  ///   honoured
  public static MediaSettings read(Path checkpoint) {
    return switch (Layout.of(checkpoint)) {
      case HUGGING_FACE -> ProcessorFiles.read(checkpoint);
      case ORIGINAL -> ParamsSettings.read(checkpoint);
    };
  }

  public MediaSettings withImage(ImageSettings other) {
    return new MediaSettings(other, video, patchSize, poolingRatio);
  }

  /// Tokens that one picture tile becomes.
  public int tokensPerTile() {
    return tokens(image.tileSize());
  }

  /// Tokens that one video frame becomes.
  public int tokensPerFrame() {
    return tokens(video.size());
  }

  private int tokens(int size) {
    int side = size / patchSize / poolingRatio;
    return side * side;
  }
}
