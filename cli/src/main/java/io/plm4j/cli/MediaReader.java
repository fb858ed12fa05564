package io.plm4j.cli;

import io.plm4j.Plm;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.ReadOptions;
import io.plm4j.media.video.Video;
import java.nio.file.Path;

/// Reads what the model is shown, as the command line's options say.
record MediaReader(Plm plm, PictureOptions pictures, VideoOptions videos, Context context) {
  Image image(Path file) {
    return pictures.read(file);
  }

  Video video(Path file) {
    return videos.read(file, plm.videoSettings(), context);
  }

  ReadOptions readOptions() {
    return pictures.readOptions();
  }

  ImageSettings imageSettings() {
    return pictures.applyTo(plm.imageSettings());
  }

  /// What a picture is and becomes, for the user to see.
  String describe(Image image) {
    int tiles = imageSettings().tileCount(image.width(), image.height());
    return "%d x %d pixels, %s"
        .formatted(image.width(), image.height(), Units.count(tiles, "tile"));
  }

  String describe(Video video) {
    var info = video.info();
    return "%d x %d pixels, %s, %s of it"
        .formatted(
            info.width(),
            info.height(),
            Units.seconds(info.duration()),
            Units.count(video.frames().size(), "frame"));
  }
}
