package io.plm4j.media.video;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.Orientation;
import io.plm4j.media.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;

/// Picture files that are the frames of a video.
///
/// @param name what the user calls them together
/// @param files in the order of showing
record Pictures(String name, List<Path> files) {
  /// What stands in the place of a codec's name.
  static final String CODEC = "pictures";

  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

  /// The pictures in a folder by their names' endings. Other files, such as notes, and hidden ones
  /// are passed over.
  static Pictures ofFolder(Path folder) {
    try (var entries = Files.list(folder)) {
      var files =
          entries
              .filter(file -> isPicture(file.getFileName().toString()) && Files.isRegularFile(file))
              .sorted((a, b) ->
                  NaturalOrder.compare(a.getFileName().toString(), b.getFileName().toString()))
              .toList();
      if (files.isEmpty()) {
        throw new InputException(
            "The folder %s holds no pictures. Name a folder with one JPEG, PNG, WebP, GIF, BMP or TIFF file a frame."
                .formatted(folder));
      }
      return new Pictures(folder.toString(), files);
    } catch (IOException e) {
      throw new InputException(
          "The folder %s cannot be read: %s.".formatted(folder, e.getMessage()), e);
    }
  }

  private static boolean isPicture(String name) {
    var ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && ENDINGS.contains(ending);
  }

  Video read(FrameSelection selection, VideoReadOptions options) {
    if (files.isEmpty()) {
      throw new InputException(name + " is empty; a video needs at least one frame.");
    }
    var kept = new KeptFrames(name, options);
    kept.checkCount(files.size());
    var times = FrameTimes.regular(files.size(), options.pictureFps());
    kept.checkStart(selection, times);
    var how = new ReadOptions(options.limits().frame(), Orientation.AS_STORED);
    var indices = selection.indices(times);
    for (int i = 0; i < indices.length; i++) {
      if (options.listener().cancelled()) {
        throw new CancellationException(name + " was not read to its end");
      }
      kept.add(indices[i], times.seconds()[indices[i]], Image.read(files.get(indices[i]), how));
      options.listener().progress((i + 1.0) / indices.length);
    }
    return kept.video(times, CODEC, List.of());
  }
}
