package io.plm4j.media.video;

import io.plm4j.testkit.Clip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Clips that several tests read.
final class Clips {
  /// Made with encoders that are not among ours.
  static final List<String> STORED =
      List.of(
          "h264-b.mp4",
          "h264-b.mkv",
          "h264-opengop.mp4",
          "h264-opengop.mkv",
          "h264-refresh.mkv",
          "h264-variable.mp4",
          "h264-edited.mp4",
          "h264-fragments.mp4",
          "h264-10bit.mp4",
          "h264-444-709.mp4",
          "h264-interlaced.mkv",
          "hevc-opengop.mp4",
          "hevc-10bit.mkv");

  private Clips() {}

  static byte[] stored(String name) {
    try (var in = Clips.class.getResourceAsStream("/media/video/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A small file of every container and codec that the tests can make, or have.
  static Map<String, byte[]> all(Path folder) {
    var small = Map.of("g", "4", "cpu-used", "8");
    var files = new TreeMap<String, byte[]>();
    for (var kind :
        List.of(
            "mpeg4 mp4",
            "mpeg4 avi",
            "libopenh264 mov",
            "libopenh264 avi",
            "libopenh264 ts",
            "libvpx webm",
            "libvpx-vp9 webm",
            "libaom-av1 mp4",
            "mpeg2video mkv",
            "mpeg1video mpg",
            "gif gif",
            "apng apng",
            "flv flv",
            "ffv1 mkv")) {
      var words = kind.split(" ");
      var format = words[0].equals("gif") ? "gray" : words[0].equals("apng") ? "rgb24" : "yuv420p";
      var name = words[0] + "." + words[1];
      var clip = Clip.of(words[0]).withPixelFormat(format).withSize(32, 32, 10);
      clip = clip.withOptions(words[0].equals("libaom-av1") ? small : Map.of("g", "4"), Map.of());
      files.put(name, bytes(clip.write(folder.resolve(name))));
    }
    STORED.forEach(name -> files.put(name, stored(name)));
    return files;
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
