package io.plm4j.media.video;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/// What is wrong with a file that can be read nonetheless, in words for the person who has it.
final class Damage {
  /// FFmpeg's AV_FRAME_FLAG_CORRUPT, a macro that its binding lacks.
  private static final int CORRUPT = 1;

  /// A stream of sound may well be somewhat longer than its pictures.
  private static final double MOST_SECONDS_MISSING = 2;

  private static final double MOST_SHARE_MISSING = 0.05;

  private final String name;
  private final List<String> mended = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Damage(String name) {
    this.name = name;
  }

  /// Notes whether a selected frame came out whole.
  void look(AVFrame frame, int index, double seconds) {
    if ((frame.flags() & CORRUPT) != 0 || frame.decode_error_flags() != 0) {
      mended.add("%d (%s)".formatted(index, TimeCode.format(seconds)));
    }
  }

  /// Notes what a file lacks of what its header promises.
  ///
  /// @param packets that were read
  /// @param refused how many could not be decoded
  void compare(Demuxer demuxer, long packets, long refused, FrameTimes times) {
    demuxer
        .failure()
        .ifPresent(failure ->
            warnings.add("%s cannot be read at some places: %s.".formatted(name, failure)));
    if (refused > 0) {
      warnings.add(
          "%d of the %d compressed pictures of %s cannot be decoded; the others count as its frames."
              .formatted(refused, packets, name));
    }
    double missing = demuxer.statedDuration() - times.end();
    if (demuxer.statedPackets() > packets) {
      warnings.add(
          "%s was cut off: its header promises %d frames, %d are there (up to %s)."
              .formatted(name, demuxer.statedPackets(), packets, TimeCode.format(times.end())));
    } else if (missing > MOST_SECONDS_MISSING
        && missing > demuxer.statedDuration() * MOST_SHARE_MISSING) {
      warnings.add(
          "The pictures of %s end at %s, but its header says it lasts until %s; it may be cut off."
              .formatted(
                  name, TimeCode.format(times.end()), TimeCode.format(demuxer.statedDuration())));
    }
  }

  List<String> warnings() {
    var all = new ArrayList<>(warnings);
    if (!mended.isEmpty()) {
      all.add(
          "Frames of %s are damaged and look as the decoder mended them: %s."
              .formatted(name, String.join(", ", mended)));
    }
    return all;
  }
}
