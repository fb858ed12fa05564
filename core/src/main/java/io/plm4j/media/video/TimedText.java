package io.plm4j.media.video;

import java.util.List;
import java.util.Optional;

/// A text in which frame numbers or times were found.
///
/// @param text with what was added or put in their place
/// @param mentions what was found, in order
public record TimedText(String text, List<Mention> mentions) {
  public TimedText {
    mentions = List.copyOf(mentions);
  }

  /// A place in a text that speaks of a frame or of a stretch of frames.
  ///
  /// @param words as they stand in the original text
  /// @param position where they begin there
  /// @param first number of the frame, or of the first one
  /// @param last number of the last one; the same for a single frame
  /// @param span when they appear; empty if the model was not shown so many frames
  public record Mention(
      String words, int position, long first, long last, Optional<TimeSpan> span) {}
}
