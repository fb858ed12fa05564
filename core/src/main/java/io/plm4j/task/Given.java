package io.plm4j.task;

import io.plm4j.error.InputException;
import io.plm4j.region.Box;
import java.util.List;
import java.util.Optional;

/// What a person gives for a task's question.
///
/// @param caption what is looked for, in words
/// @param boxes regions, in pixels of the picture or the video
/// @param frames the first and the last frame, by their numbers among those that the model sees
public record Given(Optional<String> caption, List<Box> boxes, Optional<Frames> frames) {
  public static final Given NOTHING = new Given(Optional.empty(), List.of(), Optional.empty());

  public Given {
    boxes = List.copyOf(boxes);
  }

  /// A stretch of frames.
  public record Frames(int first, int last) {
    public Frames {
      if (first < 0 || last < first) {
        throw new InputException(
            "frames count from 0 and rise, but these are %d to %d".formatted(first, last));
      }
    }
  }

  public Given withCaption(String words) {
    return new Given(Optional.of(words), boxes, frames);
  }

  public Given withBoxes(List<Box> regions) {
    return new Given(caption, regions, frames);
  }

  public Given withFrames(int first, int last) {
    return new Given(caption, boxes, Optional.of(new Frames(first, last)));
  }
}
