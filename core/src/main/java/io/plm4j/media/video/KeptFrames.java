package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import java.util.ArrayList;
import java.util.List;

/// The selected frames of a video as they come in, within the limits.
final class KeptFrames {
  private final String name;
  private final VideoReadOptions options;
  private final List<VideoFrame> frames = new ArrayList<>();
  private long pixels;
  private int width;
  private int height;

  KeptFrames(String name, VideoReadOptions options) {
    this.name = name;
    this.options = options;
  }

  /// @param count frames of the whole video
  void checkCount(long count) {
    if (count > options.limits().maxFrames()) {
      throw new InputException(
          "%s has more frames than the limit maxFrames = %d. Use a shorter video or raise the limit."
              .formatted(name, options.limits().maxFrames()));
    }
  }

  void checkStart(FrameSelection selection, FrameTimes times) {
    if (selection.start() > 0 && selection.start() >= times.end()) {
      throw new InputException(
          "%s ends at %s, before the stretch to look at, which starts at %s."
              .formatted(name, TimeCode.format(times.end()), TimeCode.format(selection.start())));
    }
  }

  void add(int index, double seconds, Image image) {
    if (frames.isEmpty()) {
      width = image.width();
      height = image.height();
    }
    var kept = options.onFrame().apply(new VideoFrame(index, seconds, image));
    pixels += (long) kept.width() * kept.height();
    if (pixels > options.limits().maxKeptPixels()) {
      throw new InputException(
          "The frames of %s have more pixels together than the limit maxKeptPixels = %d. Take fewer frames, make them smaller as they are read, or raise the limit."
              .formatted(name, options.limits().maxKeptPixels()));
    }
    frames.add(new VideoFrame(index, seconds, kept));
  }

  Video video(FrameTimes times, String codec, List<String> warnings) {
    var info = new VideoInfo(width, height, times.count(), times.averageFps(), times.end(), codec);
    return new Video(name, info, frames, warnings);
  }
}
