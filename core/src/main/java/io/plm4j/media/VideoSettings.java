package io.plm4j.media;

import java.util.List;

/// How a checkpoint wants the frames of a video: one tile each.
///
/// @param size side of the square to which a frame is stretched, in pixels
/// @param frames the most frames that are shown where nobody says how many
/// @param normalization how samples become numbers
/// @param bicubic whose arithmetic resizes
public record VideoSettings(int size, int frames, Normalization normalization, Bicubic bicubic) {
  /// More than the longest prompt can hold.
  static final int MAX_FRAMES = 1 << 20;

  /// What the published checkpoints say.
  public static final VideoSettings DEFAULT =
      new VideoSettings(448, 32, Normalization.DEFAULT, Bicubic.TORCHVISION_BYTES);

  /// A frame at the size at which the model sees it. [#tiles] gives the same whether it gets frames
  /// or what this makes of them, which takes less memory.
  public Image resize(Image frame) {
    return bicubic.resize(frame, size, size);
  }

  /// The frames as the model sees them, one tile each, in order.
  public Tiles tiles(List<Image> frames) {
    var vanilla = new ImageSettings(VisionInput.VANILLA, size, 1, normalization, bicubic);
    return new Tiles(
        frames.stream().map(frame -> vanilla.tiles(frame).bytes(0)).toList(), size, normalization);
  }
}
