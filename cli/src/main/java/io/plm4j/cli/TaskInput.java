package io.plm4j.cli;

import io.plm4j.Plm;
import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import io.plm4j.media.video.VideoFrame;
import io.plm4j.region.Box;
import io.plm4j.region.BoxTrack;
import io.plm4j.region.Outline;
import io.plm4j.task.Given;
import io.plm4j.task.Scene;
import io.plm4j.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What a task is about, and what fills the blanks of its question.
final class TaskInput {
  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();

  @Option(names = "--caption", paramLabel = "TEXT", description = "What is looked for, in words.")
  private Optional<String> caption = Optional.empty();

  @Option(
      names = "--box",
      paramLabel = "X1,Y1,X2,Y2",
      converter = BoxConverter.class,
      description =
          "A region: left, upper, right and lower edge in pixels of the picture or video.")
  private List<Box> boxes = new ArrayList<>();

  @Option(
      names = "--frames",
      paramLabel = "A,B",
      converter = FramesConverter.class,
      description = "From frame A to frame B of those that the model sees, counted from 0.")
  private Optional<Given.Frames> frames = Optional.empty();

  @Option(
      names = "--boxes",
      paramLabel = "FILE",
      description = {
        "A region that moves, instead of --box: a JSON object with a box for each frame of the",
        "video that shows it, {\"0\": [x1, y1, x2, y2], ...}."
      })
  private Optional<Path> moving = Optional.empty();

  private Optional<BoxTrack> track = Optional.empty();

  PictureOptions pictures() {
    return pictures;
  }

  /// What was read before the model is there: the pictures, and where the video is.
  record Shown(List<Image> images, Optional<Path> video) {}

  /// What the model is shown.
  ///
  /// @param images with the given boxes drawn, if the task wants them so
  record Scenery(
      Given given, Scene scene, List<Image> images, List<Video> videos, List<Image> originals) {
    Image original() {
      return originals.getFirst();
    }
  }

  /// Reads the pictures, and makes sure that everything is there.
  Shown read(Task task) {
    requireCounts(task);
    readTrack(task);
    pictures.requirePictures(pictures.files().size());
    videos.requireVideos(videos.files().size());
    videos.selection();
    videos.files().forEach(VideoOptions::requireThere);
    var images = pictures.files().stream().map(pictures::read).toList();
    if (!images.isEmpty()) {
      task.question(given(), scene(images));
    }
    return new Shown(images, videos.files().stream().findFirst());
  }

  private void readTrack(Task task) {
    if (moving.isEmpty()) {
      return;
    }
    if (!boxes.isEmpty()) {
      throw new InputException("--box and --boxes exclude each other; leave one out.");
    }
    if (task.shown() != Task.Shown.VIDEO || task.marked() != Task.Marked.DRAWN) {
      throw new InputException(
          "--boxes: no effect, because the task %s draws no box onto a video; leave it out."
              .formatted(task.name()));
    }
    track = moving.map(BoxTrack::read);
  }

  private void requireCounts(Task task) {
    int images = pictures.files().size();
    int films = videos.files().size();
    boolean right =
        switch (task.shown()) {
          case PICTURE -> images == 1 && films == 0;
          case PICTURES -> images >= 2 && films == 0;
          case VIDEO -> images == 0 && films == 1;
        };
    if (!right) {
      throw new InputException(
          "The task %s is about %s, but there are %d pictures (--image) and %d videos (--video)."
              .formatted(
                  task.name(),
                  switch (task.shown()) {
                    case PICTURE -> "one picture";
                    case PICTURES -> "two pictures or more";
                    case VIDEO -> "one video";
                  },
                  images,
                  films));
    }
  }

  private Given given() {
    var given = track.map(t -> List.copyOf(t.boxes().values())).orElse(boxes);
    return new Given(caption, given, frames);
  }

  private static Scene scene(List<Image> images) {
    return new Scene.Picture(images.getFirst().width(), images.getFirst().height());
  }

  /// Reads the video, and draws what is to be drawn.
  ///
  /// @throws java.util.concurrent.CancellationException after Ctrl-C
  Scenery show(Task task, Shown files, Plm plm, Context context) {
    if (files.video().isEmpty()) {
      var drawn = files.images().stream().map(image -> mark(task, image, boxes)).toList();
      return new Scenery(given(), scene(drawn), drawn, List.of(), files.images());
    }
    var video =
        videos.read(
            files.video().get(),
            plm.videoSettings(),
            frame -> mark(task, frame.image(), boxesOf(frame)),
            context);
    var scene = new Scene.Film(video.frames().size(), video.info().frames());
    return new Scenery(given(), scene, List.of(), List.of(video), List.of());
  }

  private static Image mark(Task task, Image image, List<Box> regions) {
    return task.marked() == Task.Marked.DRAWN ? Outline.RED.draw(image, regions) : image;
  }

  private List<Box> boxesOf(VideoFrame frame) {
    return track.map(t -> t.at(frame.index()).stream().toList()).orElse(boxes);
  }

  static final class BoxConverter implements ITypeConverter<Box> {
    @Override
    public Box convert(String text) {
      try {
        return Box.parse(text);
      } catch (InputException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class FramesConverter implements ITypeConverter<Given.Frames> {
    @Override
    public Given.Frames convert(String text) {
      if (!text.matches("\\d{1,6},\\d{1,6}")) {
        throw new TypeConversionException("'" + text + "' is not A,B, such as 3,12");
      }
      var parts = text.split(",", -1);
      try {
        return new Given.Frames(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      } catch (InputException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
