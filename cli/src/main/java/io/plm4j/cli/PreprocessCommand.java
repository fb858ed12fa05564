package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.TileGrid;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.media.video.TimeCode;
import io.plm4j.media.video.Video;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm preprocess`: writes what the model would see, so that a person can look.
@Command(
    name = "preprocess",
    description = "Write pictures' tiles and videos' frames as PNG files, as the model sees them.")
final class PreprocessCommand implements Callable<Integer> {
  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();
  @Mixin private final ModelOptions.ModelFolder model = new ModelOptions.ModelFolder();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the PNG files go; made if it is not there, empty if it is.")
  private Path out = Path.of("");

  private final Context context;

  PreprocessCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (pictures.files().isEmpty() && videos.files().isEmpty()) {
      throw new InputException("No picture: name one with --image FILE, or a video with --video.");
    }
    pictures.requirePictures(pictures.files().size());
    videos.requireVideos(videos.files().size());
    videos.selection();
    var media = model.isGiven() ? MediaSettings.read(model.path(context)) : MediaSettings.DEFAULT;
    var settings = pictures.applyTo(media.image());
    try (var _ = context.interrupt().begin()) {
      // All are read before anything is written, so that a bad one leaves nothing behind.
      var images = pictures.files().stream().map(pictures::read).toList();
      var clips =
          videos.files().stream().map(file -> videos.read(file, media.video(), context)).toList();
      makeEmpty(out);
      for (int i = 0; i < images.size(); i++) {
        var prefix = images.size() == 1 ? "" : "picture-%d-".formatted(i + 1);
        writeTiles(pictures.files().get(i), images.get(i), settings, prefix);
      }
      for (int i = 0; i < clips.size(); i++) {
        var prefix = clips.size() == 1 ? "" : "video-%d-".formatted(i + 1);
        writeFrames(clips.get(i), media.video(), prefix);
      }
      return ExitCode.OK;
    } catch (CancellationException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private void writeTiles(Path file, Image image, ImageSettings settings, String prefix) {
    var tiles = settings.tiles(image);
    var names = names(settings, image.width(), image.height());
    for (int tile = 0; tile < names.size(); tile++) {
      tiles.writePng(tile, out.resolve(prefix + names.get(tile) + ".png"));
    }
    context
        .terminal()
        .out()
        .printf(
            "%s: %d x %d pixels, %s of %d x %d in %s%n",
            file,
            image.width(),
            image.height(),
            describe(settings, image.width(), image.height()),
            tiles.size(),
            tiles.size(),
            out);
  }

  /// Names tell the frame's number in answers, its number in the video and its time.
  private void writeFrames(Video video, VideoSettings settings, String prefix) {
    var tiles = settings.tiles(video.images());
    for (int i = 0; i < tiles.count(); i++) {
      var frame = video.frames().get(i);
      tiles.writePng(
          i,
          out.resolve(
              "%sframe-%02d-index-%06d-time-%s.png"
                  .formatted(
                      prefix,
                      i,
                      frame.index(),
                      TimeCode.format(frame.seconds()).replace(':', '.'))));
    }
    var info = video.info();
    context
        .terminal()
        .out()
        .printf(
            Locale.ROOT,
            "%s: %d x %d pixels, %s, %d frames in %s (%.2f a second), %d of them at %d x %d in %s%n",
            video.name(),
            info.width(),
            info.height(),
            info.codec(),
            info.frames(),
            TimeCode.format(info.duration()),
            info.averageFps(),
            tiles.count(),
            tiles.size(),
            tiles.size(),
            out);
  }

  private static String describe(ImageSettings settings, int width, int height) {
    return switch (settings.visionInput()) {
      case VANILLA -> "the whole picture as 1 tile";
      case THUMB_AND_TILES -> {
        var grid = TileGrid.of(width, height, settings.tileSize(), settings.maxTiles());
        yield "the whole picture and %d x %d tiles".formatted(grid.columns(), grid.rows());
      }
    };
  }

  /// The tiles' names, in their order.
  private static List<String> names(ImageSettings settings, int width, int height) {
    var names = new ArrayList<>(List.of("whole"));
    if (settings.visionInput() == VisionInput.THUMB_AND_TILES) {
      var grid = TileGrid.of(width, height, settings.tileSize(), settings.maxTiles());
      for (int row = 1; row <= grid.rows(); row++) {
        for (int column = 1; column <= grid.columns(); column++) {
          names.add("row-%02d-column-%02d".formatted(row, column));
        }
      }
    }
    return names;
  }

  /// Tiles of another picture among these would mislead whoever looks.
  private static void makeEmpty(Path folder) {
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new InputException("--out %s is a file; name a folder.".formatted(folder));
      }
      Files.createDirectories(folder);
      try (var entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new InputException("--out %s is not empty; name a new folder.".formatted(folder));
        }
      }
    } catch (IOException e) {
      throw new InputException("--out %s cannot be made: %s".formatted(folder, e), e);
    }
  }
}
