package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Why a file is no video that can be read, in words.
final class Refusal {
  private static final String WANTED =
      "Use an MP4, MOV, MKV, WebM, AVI or GIF file, or convert it to MP4 with H.264.";

  /// EINVAL, which FFmpeg gives for a format that it knows and is told not to open.
  private static final int NOT_AMONG_OURS = -22;

  private Refusal() {}

  /// @param error what FFmpeg said
  static InputException of(Path file, int error) {
    if (!Files.isReadable(file)) {
      return new InputException("The video %s may not be read.".formatted(file));
    }
    try {
      if (Files.size(file) == 0) {
        return new InputException("The video %s is empty. Use another copy.".formatted(file));
      }
      if (lacksIndex(file)) {
        return new InputException(
            "The video %s was cut off: its index, which an MP4 file has at its end, is missing. Use another copy, or record it again."
                .formatted(file));
      }
    } catch (IOException e) {
      return new InputException(
          "The video %s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    return new InputException(
        error == AVERROR_INVALIDDATA() || error == NOT_AMONG_OURS
            ? "%s is not a video that can be read, or it is damaged. %s".formatted(file, WANTED)
            : "The video %s cannot be read: %s. %s".formatted(file, Ffmpeg.message(error), WANTED));
  }

  static InputException noVideo(String name) {
    return new InputException(
        "%s holds no video stream that can be decoded. %s".formatted(name, WANTED));
  }

  /// Whether a file begins as an MP4 file does and its boxes lead beyond its end before `moov`.
  private static boolean lacksIndex(Path path) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      long at = 0;
      var head = new byte[8];
      boolean mp4 = false;
      while (at + 8 <= file.length()) {
        file.seek(at);
        file.readFully(head);
        long size = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
        var type = new String(head, 4, 4, StandardCharsets.ISO_8859_1);
        if (at == 0) {
          mp4 = type.equals("ftyp");
        }
        if (!mp4 || type.equals("moov")) {
          return false;
        }
        if (size == 1 && at + 16 <= file.length()) {
          size = file.readLong();
        }
        if (size < 8) {
          return size == 0;
        }
        at += size;
        if (at < 0) {
          return true;
        }
      }
      return mp4;
    }
  }
}
