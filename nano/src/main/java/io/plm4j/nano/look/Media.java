package io.plm4j.nano.look;

import java.awt.image.BufferedImage;
import java.util.List;

/// What a conversation is about.
public sealed interface Media {
  /// A picture.
  record Still(BufferedImage picture) implements Media {}

  /// A clip.
  ///
  /// @param frames all of one size, in the order of showing
  /// @param fps how many are shown in a second
  record Clip(List<BufferedImage> frames, double fps) implements Media {
    public Clip {
      frames = List.copyOf(frames);
    }

    public double seconds() {
      return frames.size() / fps;
    }
  }

  /// Nothing to see.
  record Nothing() implements Media {}
}
