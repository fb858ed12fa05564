package io.plm4j.media.video;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// Reads frames of a video file: by the packets alone where these tell where the frames are, else
/// by decoding all of it.
final class VideoFile {
  private VideoFile() {}

  static Video read(Path file, FrameSelection selection, VideoReadOptions options) {
    long bytes = size(file);
    var kept = new KeptFrames(file.toString(), options);
    var reading = new Reading(file.toString(), options.listener(), kept, bytes);
    return Ffmpeg.interruptible(
        options.listener()::cancelled,
        () -> {
          try {
            return seeking(file, selection, options, reading)
                .orElseGet(() -> new DecodingReader(file, options, reading).read(selection));
          } catch (InputException e) {
            // A read that was interrupted looks like a damaged file.
            if (options.listener().cancelled()) {
              throw new CancellationException(file + " was not read to its end");
            }
            throw e;
          }
        });
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new InputException(
          "The video %s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static Optional<Video> seeking(
      Path file, FrameSelection selection, VideoReadOptions options, Reading reading) {
    try (var demuxer = Demuxer.open(file, options.limits().frame())) {
      reading.begin(0.2);
      var table = PacketTable.read(demuxer, reading);
      if (table.isEmpty()) {
        return Optional.empty();
      }
      reading.begin(1);
      return new SeekingReader(demuxer, table.get(), options, reading).read(selection);
    }
  }
}
