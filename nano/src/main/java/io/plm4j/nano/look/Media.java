package io.plm4j.nano.look;

import java.awt.image.BufferedImage;
import java.util.List;

/// What a conversation is about.
public sealed interface Media {
  /// A picture.
  ///
  /// @param landmarks letters and shapes in it, where the one who drew it knows them
  record Still(BufferedImage picture, List<Landmark> landmarks) implements Media {
    public Still {
      landmarks = List.copyOf(landmarks);
    }
  }

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
