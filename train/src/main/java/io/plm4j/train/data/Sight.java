package io.plm4j.train.data;

import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.ReadOptions;
import io.plm4j.media.Tiles;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.media.video.Video;
import io.plm4j.media.video.VideoFrame;
import io.plm4j.media.video.VideoReadOptions;
import io.plm4j.region.Outline;
import java.util.List;

/// A picture or video as the model sees it.
///
/// It is read and cut at once, and not when it is trained on: only so is a row known to be good,
/// and its tiles take less memory than the picture.
///
/// @param key equal for equal pixels
/// @param positions how many it takes
record Sight(Object key, int positions, Tiles tiles) {
  /// What pixels depend on: pictures or frames, and how they are cut.
  private record Shown(List<String> fingerprints, Record settings) {}

  /// Several pictures of one conversation are one tile each, as the model was taught.
  static List<Sight> pictures(List<Row.Picture> pictures, MediaSettings media) {
    var settings =
        pictures.size() > 1 ? media.image().withVisionInput(VisionInput.VANILLA) : media.image();
    return pictures.stream()
        .map(Sight::read)
        .map(image -> picture(image, settings, media.tokensPerTile()))
        .toList();
  }

  private static Image read(Row.Picture picture) {
    return switch (picture) {
      case Row.Picture.Stored(var file) -> Image.read(file);
      case Row.Picture.Embedded(var bytes) -> Image.decode(bytes, ReadOptions.DEFAULT);
    };
  }

  private static Sight picture(Image image, ImageSettings settings, int tokensPerTile) {
    var tiles = settings.tiles(image);
    return new Sight(
        new Shown(List.of(image.fingerprint()), settings), tiles.count() * tokensPerTile, tiles);
  }

  static Sight video(Row.Footage footage, FrameSelection frames, MediaSettings media) {
    var settings = media.video();
    // Whole frames are let go one by one; rows are read side by side, so each takes one thread.
    var options =
        VideoReadOptions.DEFAULT
            .withThreads(1)
            .withOnFrame(frame -> settings.resize(marked(frame, footage)));
    boolean stretch = footage.start() != 0 || footage.end() != Double.POSITIVE_INFINITY;
    var selection = stretch ? frames.withSpan(footage.start(), footage.end()) : frames;
    var video = Video.read(footage.file(), selection, options);
    return of(video.images(), settings, media.tokensPerFrame());
  }

  private static Image marked(VideoFrame frame, Row.Footage footage) {
    return footage
        .marked()
        .flatMap(track -> track.at(frame.index()))
        .map(box -> Outline.RED.draw(frame.image(), List.of(box)))
        .orElse(frame.image());
  }

  private static Sight of(List<Image> frames, VideoSettings settings, int tokensPerFrame) {
    var tiles = settings.tiles(frames);
    return new Sight(
        new Shown(frames.stream().map(Image::fingerprint).toList(), settings),
        tiles.count() * tokensPerFrame,
        tiles);
  }
}
