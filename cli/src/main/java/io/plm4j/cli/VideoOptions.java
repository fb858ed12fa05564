package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.video.FrameSampling;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.media.video.TimeCode;
import io.plm4j.media.video.Video;
import io.plm4j.media.video.VideoFrame;
import io.plm4j.media.video.VideoListener;
import io.plm4j.media.video.VideoReadOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Videos, and which of their frames are looked at.
final class VideoOptions {
  @Option(
      names = "--video",
      paramLabel = "FILE",
      description = {
        "A video: MP4, MOV, MKV, WebM, AVI, GIF, or a folder with a picture a frame.",
        "May be given several times."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--num-frames",
      paramLabel = "N",
      description = {
        "How many frames to look at, all if the video has fewer. Default: as the model's files say; 32",
        "for the published models."
      })
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--frame-sampling",
      paramLabel = "NAME",
      converter = SamplingName.class,
      description = {
        "transformers: evenly, as transformers 5 does, the default.",
        "original: one a second, as Meta's code does, thinned out or filled up to N."
      })
  private Optional<FrameSampling> sampling = Optional.empty();

  @Option(
      names = "--start",
      paramLabel = "TIME",
      converter = TimeText.class,
      description = "Look from here on: seconds (12.5), mm:ss.ff or hh:mm:ss.")
  private Optional<Double> start = Optional.empty();

  @Option(
      names = "--end",
      paramLabel = "TIME",
      converter = TimeText.class,
      description = "Look up to here.")
  private Optional<Double> end = Optional.empty();

  @Option(
      names = "--picture-fps",
      paramLabel = "X",
      description = "Frames a second of a folder of pictures. Default: 1.")
  private Optional<Double> pictureFps = Optional.empty();

  List<Path> files() {
    return files;
  }

  /// Which frames are looked at. Worth asking for before the files are read, since it finds
  /// mistakes.
  FrameSelection selection() {
    return selection(VideoSettings.DEFAULT);
  }

  /// @param settings say how many frames if the command line does not
  FrameSelection selection(VideoSettings settings) {
    var wanted = FrameSelection.DEFAULT.withCount(settings.frames());
    return new FrameSelection(
        count.orElse(wanted.count()),
        sampling.orElse(wanted.sampling()),
        start.orElse(wanted.start()),
        end.orElse(wanted.end()));
  }

  /// Finds a wrong path before minutes are spent on loading a model.
  static void requireThere(Path file) {
    if (!Files.exists(file)) {
      throw new InputException(
          "The video %s does not exist. Name a video file or a folder of pictures."
              .formatted(file));
    }
  }

  /// Refuses options that would do nothing because there is no video.
  ///
  /// @param videos how many there are
  void requireVideos(int videos) {
    var idle = new ArrayList<String>();
    if (videos == 0) {
      count.ifPresent(_ -> idle.add("--num-frames"));
      sampling.ifPresent(_ -> idle.add("--frame-sampling"));
      start.ifPresent(_ -> idle.add("--start"));
      end.ifPresent(_ -> idle.add("--end"));
      pictureFps.ifPresent(_ -> idle.add("--picture-fps"));
    }
    if (!idle.isEmpty()) {
      throw new InputException(
          "%s: no effect without a video; add --video FILE or leave it out."
              .formatted(String.join(", ", idle)));
    }
    if (pictureFps.isPresent() && files.stream().noneMatch(Files::isDirectory)) {
      throw new InputException(
          "--picture-fps has no effect on a video file, which has times of its own; leave it out, or name a folder of pictures with --video.");
    }
  }

  /// Reads a video, its frames at the size at which the model sees them, shows progress and says
  /// what is wrong with the file.
  ///
  /// @throws java.util.concurrent.CancellationException after Ctrl-C
  Video read(Path file, VideoSettings settings, Context context) {
    return read(file, settings, VideoFrame::image, context);
  }

  /// @param mark gives the picture of a frame, with what is drawn onto it before it is resized
  /// @throws java.util.concurrent.CancellationException after Ctrl-C
  Video read(Path file, VideoSettings settings, Function<VideoFrame, Image> mark, Context context) {
    var terminal = context.terminal();
    var options =
        VideoReadOptions.DEFAULT
            .withOnFrame(frame -> settings.resize(mark.apply(frame)))
            .withListener(listener(file, context));
    var video =
        Video.read(
            file, selection(settings), pictureFps.map(options::withPictureFps).orElse(options));
    terminal.progress().clear();
    video.warnings().forEach(warning -> terminal.err().println("plm: warning: " + warning));
    return video;
  }

  private static VideoListener listener(Path file, Context context) {
    return new VideoListener() {
      @Override
      public void progress(double share) {
        context
            .terminal()
            .progress()
            .show("reading %s: %.0f %%".formatted(file.getFileName(), share * 100));
      }

      @Override
      public boolean cancelled() {
        return context.interrupt().requested();
      }
    };
  }

  static final class SamplingName implements ITypeConverter<FrameSampling> {
    @Override
    public FrameSampling convert(String name) {
      return switch (name) {
        case "transformers" -> FrameSampling.TRANSFORMERS;
        case "original" -> FrameSampling.ORIGINAL;
        default ->
            throw new TypeConversionException(
                "'" + name + "' is neither transformers nor original");
      };
    }
  }

  static final class TimeText implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      try {
        return TimeCode.parse(text);
      } catch (InputException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
