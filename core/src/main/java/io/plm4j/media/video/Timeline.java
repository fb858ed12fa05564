package io.plm4j.media.video;

import java.util.List;

/// When the frames that the model saw are shown. It speaks of them by their numbers among those
/// that it was shown, from 0: not by their numbers in the video.
///
/// @param seconds when each frame appears, ascending
/// @param end when the video ends, in seconds
public record Timeline(List<Double> seconds, double end) {
  public Timeline {
    seconds = List.copyOf(seconds);
  }

  /// Number of frames that the model saw.
  public int frames() {
    return seconds.size();
  }

  /// Whether the model saw a frame of this number.
  public boolean has(long frame) {
    return frame >= 0 && frame < frames();
  }

  /// When a frame appears.
  ///
  /// @throws IndexOutOfBoundsException if there is none of this number
  public double secondsOf(int frame) {
    return seconds.get(frame);
  }

  /// The frame that appears nearest to a time; of two the earlier.
  public int frameAt(double time) {
    int nearest = 0;
    for (int i = 1; i < frames(); i++) {
      if (Math.abs(seconds.get(i) - time) < Math.abs(seconds.get(nearest) - time)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /// Finds frame numbers in an answer and says when these are: `Frame 7` becomes `Frame 7
  /// (00:01.40)`, `[3, 12]` becomes `[3, 12] (00:00.60-00:02.40)`.
  public TimedText annotate(String answer) {
    return FrameNumbers.annotate(answer, this);
  }

  /// Puts frame numbers in the place of times in a question, since a model knows no times: `What
  /// happens at 00:01.40?` becomes `What happens at frame 7?`. Times are those that are written
  /// with minutes and two digits of seconds; what lies after the video's end is left as it is.
  public TimedText numberFrames(String question) {
    return TimesInText.numberFrames(question, this);
  }
}
