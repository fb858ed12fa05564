package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Frames of a video, with the times at which they are shown.
///
/// Read from a file (H.264, HEVC, VP8, VP9, AV1, MPEG-4 and older, in MP4, MOV, MKV, WebM, AVI, GIF
/// and other containers), from a folder of pictures or from a list of them. The pixels are those
/// that FFmpeg's swscale makes of a frame when PyAV asks it for `rgb24`, turned upright as the
/// container says. Times count from the start of the file.
///
/// @param name what the user calls it
/// @param frames the selected ones in the order of showing; at least one
/// @param warnings what a person should know who takes the frames for the whole video: that it was
///   cut off, that some frames are damaged
public record Video(String name, VideoInfo info, List<VideoFrame> frames, List<String> warnings) {
  public Video {
    frames = List.copyOf(frames);
    warnings = List.copyOf(warnings);
  }

  /// Reads 32 frames of a file or of a folder of pictures.
  ///
  /// @throws InputException if it cannot be read, is no video, is damaged or exceeds a limit
  public static Video read(Path source) {
    return read(source, FrameSelection.DEFAULT, VideoReadOptions.DEFAULT);
  }

  /// Reads a file or a folder of pictures, whose names in natural order (`2.png` before `10.png`)
  /// are the order of showing.
  ///
  /// @throws InputException if it cannot be read, is no video, is damaged or exceeds a limit
  /// @throws java.util.concurrent.CancellationException if the listener says so
  public static Video read(Path source, FrameSelection selection, VideoReadOptions options) {
    if (Files.isDirectory(source)) {
      return Pictures.ofFolder(source).read(selection, options);
    }
    if (!Files.isRegularFile(source)) {
      throw new InputException(
          "The video %s %s. Name a video file or a folder of pictures."
              .formatted(source, Files.exists(source) ? "is not a file" : "does not exist"));
    }
    return VideoFile.read(source, selection, options);
  }

  /// Takes picture files for frames.
  ///
  /// @param pictures in the order of showing
  /// @throws InputException if one cannot be read, is no picture, is damaged or exceeds a limit
  public static Video ofPictures(
      List<Path> pictures, FrameSelection selection, VideoReadOptions options) {
    return new Pictures("The list of pictures", pictures).read(selection, options);
  }

  /// Takes pictures that are in memory already for frames, all of them.
  ///
  /// @param fps how many are shown in a second
  public static Video of(List<Image> pictures, double fps) {
    if (pictures.isEmpty()) {
      throw new InputException("A video needs at least one frame.");
    }
    if (!(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
      throw new InputException(
          "Frames a second must be greater than 0, but are %s.".formatted(fps));
    }
    var times = FrameTimes.regular(pictures.size(), fps);
    var frames = new ArrayList<VideoFrame>();
    for (int i = 0; i < pictures.size(); i++) {
      frames.add(new VideoFrame(i, times.seconds()[i], pictures.get(i)));
    }
    var first = pictures.getFirst();
    var info =
        new VideoInfo(
            first.width(), first.height(), times.count(), fps, times.end(), Pictures.CODEC);
    return new Video("The video", info, frames, List.of());
  }

  /// The pictures of the frames, for [io.plm4j.media.VideoSettings#tiles].
  public List<Image> images() {
    return frames.stream().map(VideoFrame::image).toList();
  }

  /// When the model's frames are shown, by their numbers in its answers.
  public Timeline timeline() {
    return new Timeline(frames.stream().map(VideoFrame::seconds).toList(), info.duration());
  }
}
